import { randomFillSync } from "node:crypto";
import sharp from "sharp";

const width = 4032;
const height = 3024;
const grain = 24;

/** A small JPEG with the size in pixels and the EXIF of a phone's photograph, as a beginning for larger ones. */
export function makePicture(): Promise<Buffer> {
  const pixels = randomFillSync(Buffer.alloc(grain * grain * 3));
  return sharp(pixels, { raw: { width: grain, height: grain, channels: 3 } })
    .resize(width / 16, height / 16)
    .withExif({ IFD0: { Make: "Test", Model: "Bench", Orientation: "1" } })
    .jpeg({ quality: 30 })
    .toBuffer();
}
