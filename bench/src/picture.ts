import { randomFillSync } from "node:crypto";
import sharp from "sharp";

const width = 4032;
const height = 3024;
const grain = 24;

/** Makes a small JPEG with the proportions and the EXIF of a phone's photograph, as a beginning for larger files. */
export function makePicture(): Promise<Buffer> {
  const pixels = randomFillSync(Buffer.alloc(grain * grain * 3));
  return sharp(pixels, { raw: { width: grain, height: grain, channels: 3 } })
    .resize(width / 16, height / 16)
    .withExif({ IFD0: { Make: "Test", Model: "Bench", Orientation: "1" } })
    .jpeg({ quality: 30 })
    .toBuffer();
}

/** Makes a JPEG of a phone's 12 megapixels as a camera writes it, with shapes, gradients and a sensor's noise. */
export async function makePhoto(): Promise<Buffer> {
  const coarse = randomFillSync(Buffer.alloc(grain * grain * 3));
  const scene = await sharp(coarse, { raw: { width: grain, height: grain, channels: 3 } })
    .resize(width, height, { kernel: "cubic" })
    .raw()
    .toBuffer();
  const noise = await sharp({
    create: { width, height, channels: 3, noise: { type: "gaussian", mean: 128, sigma: 12 }, background: "black" },
  })
    .raw()
    .toBuffer();
  return sharp(scene, { raw: { width, height, channels: 3 } })
    .composite([{ input: noise, raw: { width, height, channels: 3 }, blend: "soft-light" }])
    .jpeg({ quality: 90 })
    .toBuffer();
}
