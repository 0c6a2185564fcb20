import { randomBytes } from "node:crypto";
import sharp from "sharp";

/** A small photograph, in that it is a JPEG: one colour, 320 by 200. */
export function makeJpeg(): Promise<Buffer> {
  return sharp({ create: { width: 320, height: 200, channels: 3, background: "#2a7f9e" } })
    .jpeg()
    .toBuffer();
}

/** A PNG of noise, which nothing compresses: some three bytes a pixel. */
export function makeNoise(width: number, height: number): Promise<Buffer> {
  return sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}
