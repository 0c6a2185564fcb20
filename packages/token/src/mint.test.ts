import { base64url, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { createUploadToken, type MintOptions } from "./mint.ts";

const keys = { publicKey: "public_test", privateKey: "private_test" };
const now = 1_767_225_600;
const decode = (token: string, part: 0 | 1) =>
  JSON.parse(new TextDecoder().decode(base64url.decode(token.split(".")[part] ?? "")));

test("the vector of docs/protocol/upload.md §3", async () => {
  const parameters = { fileName: "photo.jpg", folder: "/a b/", tags: ["x", "y"] };
  expect(await createUploadToken(parameters, { ...keys, expiresIn: 3600, now, tokenId: false })).toBe(
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InB1YmxpY190ZXN0In0.eyJmaWxlTmFtZSI6InBob3RvLmpwZyIsImZvbGRlciI6Ii9hIGIvIiwidGFncyI6IngseSIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjoxNzY3MjI5MjAwfQ.N7E7KZjI1zveIPyrRLYHy-qdBmgSQATseLQTjzjJaE0",
  );
});

test("two tokens of one second for the same parameters are different tokens with the same claims", async () => {
  const options = { ...keys, expiresIn: 60, now };
  const [one, two] = await Promise.all([
    createUploadToken({ fileName: "a" }, options),
    createUploadToken({ fileName: "a" }, options),
  ]);
  expect(one).not.toBe(two);
  expect(decode(one, 1)).toEqual(decode(two, 1));
  expect(decode(one, 1)).not.toHaveProperty("jti");
  expect(decode(one, 0).jti).not.toBe(decode(two, 0).jti);
});

test("the header's jti can be chosen", async () => {
  const token = await createUploadToken({ fileName: "a" }, { ...keys, expiresIn: 60, tokenId: "order-7" });
  expect(decode(token, 0)).toEqual({ alg: "HS256", typ: "JWT", kid: "public_test", jti: "order-7" });
});

test("it is issued now, in whole seconds", async () => {
  const before = Math.floor(Date.now() / 1000);
  const { iat, exp } = decode(await createUploadToken({ fileName: "a" }, { ...keys, expiresIn: 60 }), 1);
  expect(iat).toBeGreaterThanOrEqual(before);
  expect(iat).toBeLessThanOrEqual(Date.now() / 1000);
  expect(exp - iat).toBe(60);
  const fractional = await createUploadToken({ fileName: "a" }, { ...keys, expiresIn: 1, now: now + 0.9 });
  expect(decode(fractional, 1)).toEqual({ fileName: "a", iat: now, exp: now + 1 });
});

test.each(["k", "private_dGVzdA==", "schlüssel", "k".repeat(500)])(
  "the whole private key %j is the secret",
  async (privateKey) => {
    const token = await createUploadToken({ fileName: "a" }, { publicKey: "public_test", privateKey, expiresIn: 60 });
    await expect(jwtVerify(token, new TextEncoder().encode(privateKey))).resolves.toBeTruthy();
  },
);

describe("a token that could never work is refused when it is minted", () => {
  test.each([0, -1, 3601, 1.5, Number.NaN, "60", undefined])("expiresIn %j", async (expiresIn) => {
    const options = { ...keys, expiresIn } as MintOptions;
    await expect(createUploadToken({ fileName: "a" }, options)).rejects.toThrow(RangeError);
  });

  test("a clock that is no number", async () => {
    const options = { ...keys, expiresIn: 60, now: Number.NaN };
    await expect(createUploadToken({ fileName: "a" }, options)).rejects.toThrow(RangeError);
  });

  test.each([{}, { fileName: "" }, { tags: "a" }])("no fileName in %j", async (parameters) => {
    await expect(createUploadToken(parameters as never, { ...keys, expiresIn: 60 })).rejects.toThrow("fileName");
  });

  test.each<[string, object]>([
    ["no public key", { publicKey: "" }],
    ["no private key", { privateKey: "" }],
    ["keys that are not strings", { publicKey: 5 }],
    ["swapped keys, which would publish the private one", { publicKey: "private_test", privateKey: "public_test" }],
  ])("%s", async (_, wrong) => {
    const options = { ...keys, expiresIn: 60, ...wrong };
    await expect(createUploadToken({ fileName: "a" }, options)).rejects.toThrow(TypeError);
  });
});
