import { expect, test } from "vitest";
import { effectiveLimit, parseStorageLimit } from "./storage-limit.ts";

test.each([
  ["1048576", 1_048_576],
  ["500MB", 524_288_000],
  ["1.5 gb", 1_610_612_736],
  ["2TB", 2_199_023_255_552],
  ["none", 0],
  ["default", null],
])("%s is %j", (text, bytes) => {
  expect(parseStorageLimit(text)).toBe(bytes);
});

test.each(["", "0", "-1", "1e9", "5 XB", "GB", "9999999999999 TB", "1.", "one"])("%j is no size", (text) => {
  expect(parseStorageLimit(text)).toBeUndefined();
});

test("an account's own limit counts, and that it has none", () => {
  expect(effectiveLimit(null, 10)).toBe(10);
  expect(effectiveLimit(5, 10)).toBe(5);
  expect(effectiveLimit(0, 10)).toBeUndefined();
  expect(effectiveLimit(null, 0)).toBeUndefined();
});
