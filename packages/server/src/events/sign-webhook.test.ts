import ImageKit from "@imagekit/nodejs";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { describe, expect, test } from "vitest";
import { signWebhook } from "./sign-webhook.ts";
import { generateWebhookSecret } from "./webhook-secret.ts";

const secret = "whsec_c2VjcmV0LWZvci10ZXN0cw==";
const body = `{"id":"evt_1","type":"file.deleted","created_at":"2026-01-01T00:00:00.000Z","data":{"fileId":"598821f949c0a938d57563bd"}}`;
const at = 1_767_225_600_000;

test("both signatures are those of the spec's vectors", () => {
  expect(signWebhook({ id: "evt_1", body, secrets: [secret], at })).toEqual({
    "webhook-id": "evt_1",
    "webhook-timestamp": "1767225600",
    "webhook-signature":
      "v1,9+h3PxT5J10tsn7jZUDhEZh/R8piF40lOingj5aHLuY= v1,gJ+w7uFUQ9mnSusbnEMTnpXRwQ5tOFGNOHWsZIjQQx4=",
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

describe("each library takes its entry of the header", () => {
  const signed = (secrets: readonly string[]) => signWebhook({ id: "evt_1", body, secrets, at: Date.now() });
  const verifiers = {
    "the vendor's SDK": (headers: Record<string, string>, secret: string) =>
      new ImageKit({ privateKey: "private_key", webhookSecret: secret }).webhooks.unwrap(body, { headers }),
    standardwebhooks: (headers: Record<string, string>, secret: string) =>
      new StandardWebhook(secret).verify(body, headers),
    svix: (headers: Record<string, string>, secret: string) => new SvixWebhook(secret).verify(body, headers),
  };
  const generated = [generateWebhookSecret(), generateWebhookSecret()] as const;

  test.each(Object.entries(verifiers))("%s", (_, verify) => {
    const [current, earlier] = generated;
    expect(() => verify(signed([current]), current)).not.toThrow();
    expect(() => verify(signed([current, earlier]), earlier)).not.toThrow();
    expect(() => verify(signed([current]), earlier)).toThrow("No matching signature found");
    // 22 characters are 16 bytes without their padding.
    const unpadded = "whsec_c2VjcmV0LWZvci10ZXN0cw";
    expect(() => verify(signed([unpadded]), unpadded)).not.toThrow();
  });

  test.each([
    ["characters outside of the alphabet", "whsec_a-secret_of.others"],
    ["a length that Base64 never has", "whsec_0123456789abcdefg"],
    ["padding in the middle", "whsec_0123456789==abcdef"],
    ["too much padding", "whsec_0123456789abcdef=="],
  ])("a secret with %s is signed with its text alone", (_, secret) => {
    const headers = signed([secret]);
    expect(headers["webhook-signature"]).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    expect(() => verifiers["the vendor's SDK"](headers, secret)).not.toThrow();
  });
});

test("without a secret there is no signature, and still the id", () => {
  expect(Object.keys(signWebhook({ id: "evt_1", body, secrets: [], at }))).toEqual(["webhook-id", "webhook-timestamp"]);
});
