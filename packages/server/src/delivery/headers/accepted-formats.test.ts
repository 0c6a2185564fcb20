import { expect, test } from "vitest";
import { acceptedFormats } from "./accepted-formats.ts";

test.each([
  ["image/webp", true, false],
  ["image/avif,image/webp,image/apng,*/*;q=0.8", true, true],
  ["text/html, IMAGE/WebP ;q=0.3", true, false],
  ["image/avif;q=0, image/webp", true, false],
  ["image/webp;q=0.0, image/avif;q=0.5", false, true],
  ["image/*, */*", false, false],
  ["image/webpp", false, false],
  ["", false, false],
  [undefined, false, false],
])("%s", (accept, webp, avif) => {
  expect(acceptedFormats(accept)).toEqual({ webp, avif });
});
