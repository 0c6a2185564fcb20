import { expect, test } from "vitest";
import { formatClassOf } from "./format-class.ts";

test.each([
  ["image/avif,image/webp,image/apng,*/*;q=0.8", "webp"],
  ["IMAGE/WEBP", "webp"],
  ["text/html, image/webp;q=0.5", "webp"],
  ["image/webp;q=0.01", "webp"],
  ["image/webp;q=0", "none"],
  ["image/webp; q=0.000", "none"],
  ["image/*,*/*", "none"],
  ["image/webpx", "none"],
  ["", "none"],
  [undefined, "none"],
])("Accept: %s leaves %s", (accept, expected) => {
  expect(formatClassOf(accept)).toBe(expected);
});
