import { expect, test } from "vitest";
import { type KeyParts, sessionKey } from "./session-key.ts";

const tokenOf = (header: object): string => `${btoa(JSON.stringify(header))}.claims.signature`;

const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
const fileOf = (content: Uint8Array<ArrayBuffer>, name = "a.bin", type = "video/mp4", lastModified = 1): File =>
  new File([content], name, { type, lastModified });

const base: KeyParts = {
  endpoint: "https://uploads.example",
  token: tokenOf({ kid: "public_a" }),
  parameters: { fileName: "a.bin", folder: "/users/ada" },
  file: fileOf(bytes),
};

test("the same file with the same parameters has the same key, whatever the order and the token's signature", async () => {
  const key = await sessionKey(base);
  expect(key).toMatch(/^[\da-f]{64}$/);
  const parameters = { folder: "/users/ada", fileName: "a.bin" };
  const token = `${tokenOf({ alg: "HS256", kid: "public_a", jti: "other" })}x`;
  expect(await sessionKey({ ...base, parameters, token, file: fileOf(bytes) })).toBe(key);
});

test("another user's parameters, another account, another server and another file have other keys", async () => {
  const changedAt = (index: number): Uint8Array<ArrayBuffer> => bytes.with(index, 255);
  const others: readonly Partial<KeyParts>[] = [
    {},
    { parameters: { fileName: "a.bin", folder: "/users/grace" } },
    { parameters: { fileName: "a.bin" } },
    { token: tokenOf({ kid: "public_b" }) },
    { endpoint: "https://other.example" },
    { file: fileOf(bytes, "b.bin") },
    { file: fileOf(bytes, "a.bin", "video/webm") },
    { file: fileOf(bytes, "a.bin", "video/mp4", 2) },
    { file: fileOf(bytes.slice(1)) },
    { file: fileOf(changedAt(0)) },
    { file: fileOf(changedAt(299_999)) },
  ];
  const keys = await Promise.all(others.map((other) => sessionKey({ ...base, ...other })));
  expect(new Set(keys).size).toBe(others.length);
});

test.each(["", "opaque", "a.b.c", tokenOf({}), tokenOf({ kid: "" })])(
  "nothing is remembered with the token %j, of which nobody knows the account",
  async (token) => {
    expect(await sessionKey({ ...base, token })).toBeUndefined();
  },
);
