import { expect, test } from "vitest";
import { parseSize } from "./parse-size.ts";

test.each([
  ["2500", 2500],
  ["25MB", 25_000_000],
  ["25 MB", 25_000_000],
  ["1.5kB", 1500],
  ["1KiB", 1024],
  ["2 GiB", 2 * 1024 ** 3],
  ["10b", 10],
])("a size of %j is %d bytes", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(["", "MB", "25 apples", "-1", "1 ZB"])("%j is no size, so that nothing is larger", (text) => {
  expect(parseSize(text)).toBeNaN();
});
