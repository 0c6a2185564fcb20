import { buffer } from "node:stream/consumers";
import sharp from "sharp";

// SVG comes in on standard input, and its pixels, red, green, blue and alpha, go out on standard output. Read from memory,
// a drawing can't refer to any file.
const [width, height, density] = process.argv.slice(2).map(Number);
sharp.concurrency(1);
const pixels = await sharp(await buffer(process.stdin), { density: density ?? 72 })
  .resize({ width: width ?? 1, height: height ?? 1, fit: "fill" })
  .toColourspace("srgb")
  .ensureAlpha()
  .raw()
  .toBuffer();
process.stdout.write(pixels);
