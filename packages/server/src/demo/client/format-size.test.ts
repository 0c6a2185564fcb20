import { expect, test } from "vitest";
import { formatSize } from "./format-size.ts";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [1023, "1023 bytes"],
  [1024, "1.0 KB"],
  [10 * 1024 - 1, "10 KB"],
  [26_214_400, "25 MB"],
  [1_047_000, "1.0 MB"],
  [5 * 1024 ** 4, "5.0 TB"],
])("%d is %s", (bytes, expected) => {
  expect(formatSize(bytes)).toBe(expected);
});
