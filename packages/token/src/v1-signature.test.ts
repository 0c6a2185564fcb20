import { expect, test } from "vitest";
import { createV1Signature, isV1Token } from "./v1-signature.ts";

test("a vector that openssl has computed by the vendor's formula", async () => {
  const token = "6ba7b810-9dad-41d1-80b4-00c04fd430c8";
  const options = { privateKey: "private_key_test", token, now: 1582269249 - 60, expiresIn: 60 };
  expect(await createV1Signature(options)).toEqual({
    token,
    expire: 1582269249,
    signature: "a99b84a261cd78d3584a0cd054f295908951e621",
  });
});

test.each([
  "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
  "6BA7B810-9DAD-11D1-80B4-00C04FD430C8",
  "00000000-0000-0000-0000-000000000000",
  "0123456789abcdef0123456789ABCDEF",
  "f".repeat(1000),
])("%s is a V1 token", (text) => {
  expect(isV1Token(text)).toBe(true);
});

const uuid = "6ba7b810-9dad-41d1-80b4-00c04fd430c8";

test.each([
  ["empty text", ""],
  ["a word", "your_token"],
  ["31 digits", "f".repeat(31)],
  ["a UUID with a letter too high", uuid.replace("a", "g")],
  ["a UUID cut short", uuid.slice(1)],
  ["a UUID with hyphens elsewhere", uuid.replace("-9", "9-")],
  ["a UUID in braces", `{${uuid}}`],
  ["a UUID in a folder", `a/${uuid}`],
  ["a UUID behind a slash", `/${uuid}`],
  ["a UUID with an extension", `${uuid}.jpg`],
  ["a UUID with a query", `${uuid}?v=1`],
  ["an encoded digit", uuid.replace("6", "%36")],
  ["full-width digits", "\uff10".repeat(32)],
  ["a space behind", `${uuid} `],
  ["a line break behind", `${uuid}\n`],
  ["digits of several lines", `${"f".repeat(32)}\n${"f".repeat(32)}`],
])("%s is no V1 token", (_, text) => {
  expect(isV1Token(text)).toBe(false);
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
  [{ privateKey: "k", token: "your_token" }, TypeError],
  [{ privateKey: "k", expiresIn: 3600 }, RangeError],
  [{ privateKey: "k", expiresIn: 0 }, RangeError],
  [{ privateKey: "k", expiresIn: 1.5 }, RangeError],
  [{ privateKey: "k", now: Number.NaN }, RangeError],
])("%j can't be signed with", async (options, error) => {
  await expect(createV1Signature(options)).rejects.toThrow(error);
});
