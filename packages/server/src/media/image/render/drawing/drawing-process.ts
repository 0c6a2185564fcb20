import { buffer } from "node:stream/consumers";
import sharp from "sharp";
import { keepLimits } from "../../../processes/keep-limits.ts";

// This process reads an SVG from standard input and writes its pixels (red, green, blue and alpha) to standard output.
// A drawing that is read from memory can't refer to any file. Each result of a filter is a canvas that is kept, so a
// few kilobytes can ask for gigabytes.
const [width = 1, height = 1, density = 72] = keepLimits().map(Number);

sharp.concurrency(1);
const pixels = await sharp(await buffer(process.stdin), { density })
  .resize({ width, height, fit: "fill" })
  .toColourspace("srgb")
  .ensureAlpha()
  .raw()
  .toBuffer();
process.stdout.write(pixels);
