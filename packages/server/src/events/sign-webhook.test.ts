import { expect, test } from "vitest";
import { signWebhook } from "./sign-webhook.ts";

const secret = "whsec_c2VjcmV0LWZvci10ZXN0cw==";
const body = `{"id":"evt_1","type":"file.deleted","created_at":"2026-01-01T00:00:00.000Z","data":{"fileId":"598821f949c0a938d57563bd"}}`;
const at = 1_767_225_600_000;

test("both signatures are those of the spec's vectors", () => {
  expect(signWebhook({ id: "evt_1", body, secrets: [secret], at })).toEqual({
    "webhook-id": "evt_1",
    "webhook-timestamp": "1767225600",
    "webhook-signature": "v1,9+h3PxT5J10tsn7jZUDhEZh/R8piF40lOingj5aHLuY=",
    "x-ik-signature": "t=1767225600000,v1=1c5048fa9df370881620b9673ba1d72ed27082d6cce0bb93b4dddac33b74a482",
  });
});

test("after a rotation it is signed with both secrets, by the scheme that has room for it", () => {
  const [now, before] = ["whsec_new", "whsec_old"].map((secret) =>
    signWebhook({ id: "evt_1", body, secrets: [secret], at }),
  );
  const both = signWebhook({ id: "evt_1", body, secrets: ["whsec_new", "whsec_old"], at });
  expect(both["webhook-signature"]).toBe(`${now?.["webhook-signature"]} ${before?.["webhook-signature"]}`);
  expect(both["x-ik-signature"]).toBe(now?.["x-ik-signature"]);
});

test("without a secret there is no signature, and still the id", () => {
  expect(Object.keys(signWebhook({ id: "evt_1", body, secrets: [], at }))).toEqual(["webhook-id", "webhook-timestamp"]);
});
