import { createUploadToken } from "@sluice/token";
import { expect, test } from "vitest";
import { decodeToken } from "./show-flow.ts";

test("a token's header and claims can be read by everybody", async () => {
  const keys = { publicKey: "public_test", privateKey: "private_test" };
  const token = await createUploadToken({ fileName: "Grüße ÿ 🌊?>.jpg", folder: "/demo" }, { ...keys, expiresIn: 60 });
  const { header, claims } = decodeToken(token);
  expect(header).toMatchObject({ alg: "HS256", typ: "JWT", kid: "public_test" });
  expect(claims).toMatchObject({ fileName: "Grüße ÿ 🌊?>.jpg", folder: "/demo" });
  expect(Number(claims.exp) - Number(claims.iat)).toBe(60);
});
