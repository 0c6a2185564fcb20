import { randomBytes } from "node:crypto";
import sharp from "sharp";

/** A PNG of noise, which can't be compressed: about three bytes per pixel. */
export function noisePng(width: number, height: number): Promise<Buffer> {
  return sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}
