import { base64url } from "jose";
import { describe, expect, test } from "vitest";
import { inspectUploadToken, type TokenInspection } from "./inspect.ts";
import { createUploadToken } from "./mint.ts";
import { verifyUploadToken } from "./verify.ts";

const now = 1_767_225_600;
const keys = { publicKey: "public_test", privateKey: "private_test" };
const findPrivateKey = (publicKey: string) => (publicKey === keys.publicKey ? keys.privateKey : undefined);
const options = { findPrivateKey, now };
const mint = (parameters: object = {}) =>
  createUploadToken({ fileName: "a.jpg", ...parameters }, { ...keys, expiresIn: 60, now });

const outcomes = (inspection: TokenInspection) =>
  Object.fromEntries(inspection.checks.map(({ name, outcome }) => [name, outcome]));
const problems = (inspection: TokenInspection) => inspection.checks.flatMap((check) => check.problems);

test("a good token and its form pass every check", async () => {
  const token = await mint();
  const inspection = await inspectUploadToken(token, [["fileName", "a.jpg"]], options);
  expect(inspection).toMatchObject({
    acceptable: true,
    header: { alg: "HS256", kid: "public_test" },
    issuedAt: "2026-01-01T00:00:00.000Z",
    expiresAt: "2026-01-01T00:01:00.000Z",
    differences: undefined,
  });
  expect([...(inspection.claims ?? [])]).toEqual([["fileName", "a.jpg"]]);
  expect(new Set(Object.values(outcomes(inspection)))).toEqual(new Set(["passed"]));
  const { digest } = await verifyUploadToken(token, options);
  expect(inspection.digest).toBe(Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""));
});

test("without a form its comparison is skipped, without keys nothing is acceptable", async () => {
  const token = await mint();
  const noForm = await inspectUploadToken(token, undefined, options);
  expect(noForm.acceptable).toBe(true);
  expect(outcomes(noForm).form).toBe("skipped");
  const noKeys = await inspectUploadToken(token, undefined, { now });
  expect(noKeys.acceptable).toBe(false);
  expect(outcomes(noKeys)).toMatchObject({ key: "skipped", signature: "skipped", lifetime: "passed" });
});

test("everything that is wrong is named, not the first thing alone", async () => {
  const header = base64url.encode(JSON.stringify({ alg: "none", kid: "public_test" }));
  const payload = base64url.encode(JSON.stringify({ fileName: "a.jpg", folder: "/x", iat: now - 5000, exp: now - 10 }));
  const inspection = await inspectUploadToken(`${header}.${payload}.AAAA`, [["fileName", "b.jpg"]], options);
  expect(inspection.acceptable).toBe(false);
  expect(outcomes(inspection)).toEqual({
    format: "passed",
    header: "failed",
    key: "passed",
    signature: "failed",
    lifetime: "failed",
    form: "failed",
  });
  const text = problems(inspection).join("\n");
  for (const part of [
    "alg",
    "typ",
    "private key",
    "exceeds 3600",
    "expired",
    "folder is in the token",
    "fileName differs",
  ]) {
    expect(text).toContain(part);
  }
});

test("a readable payload is shown even under a broken header, and an unknown key is named as that", async () => {
  const payload = base64url.encode(JSON.stringify({ fileName: "a.jpg", iat: now, exp: now + 60 }));
  const broken = await inspectUploadToken(`AAAA.${payload}.AAAA`, undefined, options);
  expect(broken.claims?.get("fileName")).toBe("a.jpg");
  expect(outcomes(broken)).toMatchObject({ format: "failed", header: "skipped", key: "skipped", lifetime: "passed" });
  const foreign = await inspectUploadToken(await mint(), undefined, { now, findPrivateKey: () => undefined });
  expect(outcomes(foreign)).toMatchObject({ key: "failed", signature: "skipped" });
});

test.each(["", "0f8fad5b-d9cb-469f-a165-70867728950e", "a.b.c.d"])("%j is not even a token", async (token) => {
  const inspection = await inspectUploadToken(token, [["fileName", "a"]], options);
  expect(inspection).toMatchObject({ acceptable: false, header: undefined, claims: undefined, digest: undefined });
  expect(outcomes(inspection)).toMatchObject({ format: "failed", signature: "skipped", form: "skipped" });
});

test("times beyond every calendar are left out instead of failing", async () => {
  const payload = base64url.encode(JSON.stringify({ iat: 2 ** 52, exp: "soon" }));
  const inspection = await inspectUploadToken(`${base64url.encode("{}")}.${payload}.AAAA`, undefined, options);
  expect([inspection.issuedAt, inspection.expiresAt]).toEqual([undefined, undefined]);
});

describe("the form's differences are explained with what usually causes them", () => {
  test.each<[string, string, string, string]>([
    ["line breaks", "a\r\nb", "a\nb", "in its line breaks alone"],
    ["Unicode normalisation", "é", "e\u0301", "in its Unicode normalisation alone"],
    ["slashes", "/a/", "a", "in its leading and trailing slashes alone"],
    ["white space", '{"a":1}', '{ "a": 1 }', "in its white space alone"],
    ["case", "A", "a", "in upper and lower case alone"],
    ["nothing in common", "a", "b", 'the token says "a", the form "b"'],
  ])("%s", async (_, claimed, sent, hint) => {
    const fields = [
      ["fileName", "a.jpg"],
      ["x", sent],
    ] as const;
    const inspection = await inspectUploadToken(await mint({ x: claimed }), fields, options);
    expect(problems(inspection)).toEqual([expect.stringContaining(hint)]);
  });

  test("fields sent twice, unsigned fields and claims that are no strings", async () => {
    const payload = base64url.encode(JSON.stringify({ a: "1", b: true, c: [1], iat: now, exp: now + 60 }));
    const token = `${base64url.encode("{}")}.${payload}.AAAA`;
    const fields = [
      ["a", "1"],
      ["a", "1"],
      ["b", "true"],
      ["c", "1"],
      ["d", ""],
    ] as const;
    const inspection = await inspectUploadToken(token, fields, options);
    expect(inspection.differences).toEqual({ missing: [], extra: ["a", "d"], different: ["b", "c"] });
    expect(inspection.checks.at(-1)?.problems).toEqual([
      "a is in the form more than once.",
      "d is in the form, but not in the token.",
      expect.stringContaining("b is not a string in the token (boolean)"),
      expect.stringContaining("c is not a string in the token (array)"),
    ]);
  });
});
