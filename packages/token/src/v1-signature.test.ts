import { expect, test } from "vitest";
import { createV1Signature } from "./v1-signature.ts";

test("the vendor's test vector", async () => {
  const options = { privateKey: "private_key_test", token: "your_token", now: 1582269249 - 60, expiresIn: 60 };
  expect(await createV1Signature(options)).toEqual({
    token: "your_token",
    expire: 1582269249,
    signature: "e71bcd6031016b060d349d212e23e85c791decdd",
  });
});

test("by default a random token, for half an hour", async () => {
  const [one, other] = await Promise.all([1, 2].map(() => createV1Signature({ privateKey: "k", now: 1000.9 })));
  expect(one?.token).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(other?.token).not.toBe(one?.token);
  expect(one?.expire).toBe(2800);
});

test.each([
  [{ privateKey: "" }, TypeError],
  [{ privateKey: "k", token: "" }, TypeError],
  [{ privateKey: "k", expiresIn: 3600 }, RangeError],
  [{ privateKey: "k", expiresIn: 0 }, RangeError],
  [{ privateKey: "k", expiresIn: 1.5 }, RangeError],
  [{ privateKey: "k", now: Number.NaN }, RangeError],
])("%j can't be signed with", async (options, error) => {
  await expect(createV1Signature(options)).rejects.toThrow(error);
});
