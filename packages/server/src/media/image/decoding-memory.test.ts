import sharp from "sharp";
import { expect, test } from "vitest";
import { decodingBytes } from "./decoding-memory.ts";

const picture = (channels: 3 | 4 = 3) => sharp({ create: { width: 50, height: 40, channels, background: "#2a7f9e" } });
const pixels = 50 * 40;

test.each([
  ["a JPEG comes row by row", picture().jpeg(), 0],
  ["a PNG comes row by row", picture(4).png(), 0],
  ["a progressive JPEG is held as coefficients", picture().jpeg({ progressive: true }), 6 * pixels],
  ["an interlaced PNG is held whole", picture(4).png({ progressive: true }), 4 * pixels],
  ["one of 16 bits takes twice as much", picture(4).toColourspace("rgb16").png({ progressive: true }), 8 * pixels],
  ["a WebP is held whole", picture().webp(), 3 * pixels],
  ["a TIFF may be one strip", picture().tiff(), 3 * pixels],
  ["an AVIF takes more than its pixels", picture().avif(), 10 * pixels],
])("%s", async (_what, image, bytes) => {
  expect(decodingBytes(await sharp(await image.toBuffer()).metadata())).toBe(bytes);
});
