import { expect, test } from "vitest";
import { cpuTime } from "../testing/cpu-time.ts";
import { toNfc } from "./nfc.ts";

test.each([
  ["", ""],
  ["cafe\u0301", "caf\u00e9"],
  ["\u212b", "\u00c5"],
  ["\u1112\u1161\u11ab", "\ud55c"],
  ["a\u0301\u0323", "\u1ea1\u0301"],
  ["plain/\u{1f600}", "plain/\u{1f600}"],
])("%j is composed as %j", (text, composed) => {
  expect(toNfc(text)).toBe(composed);
});

test("marks upon marks are put in order up to a length that no name has", () => {
  const marks = (count: number) => `a${"\u0301".repeat(count / 2)}${"\u0323".repeat(count / 2)}`;
  expect(toNfc(marks(128))).toBe(marks(128).normalize("NFC"));
  expect(toNfc(marks(130))).toBe(marks(130));
  expect(Buffer.byteLength(marks(130).normalize("NFC"))).toBeGreaterThan(255);
});

test.each([
  ["marks in two orders", `a${"\u0301".repeat(500_000)}${"\u0323".repeat(500_000)}`],
  ["marks by turns", "\u0301\u0323".repeat(500_000)],
  ["rows of as many marks as are put in order", `a${"\u0301\u0323".repeat(64)}`.repeat(8_000)],
])("a megabyte of %s takes a moment", (_, text) => {
  expect(cpuTime(() => void toNfc(text))).toBeLessThan(1500);
});
