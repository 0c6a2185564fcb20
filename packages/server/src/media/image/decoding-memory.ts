import type { Metadata } from "sharp";

/** Bytes for each pixel that a decoder holds while it works, as far as the pixels themselves don't tell. Measured. */
const bytesPerPixel: Readonly<Partial<Record<string, number>>> = { heif: 10 };

/**
 * What the decoder will hold of the whole image at once. A few kilobytes can ask for a gigabyte: one colour compresses to
 * nothing. Plain JPEG and PNG need no more than a few rows; progressive ones, and every other format, are put together
 * before the first row comes out (of a progressive JPEG the coefficients, two bytes each).
 */
export function decodingBytes(metadata: Metadata): number {
  const { format, width, height, channels, depth, isProgressive } = metadata;
  if (!isProgressive && (format === "jpeg" || format === "png")) return 0;
  const sample = depth === "uchar" && format !== "jpeg" ? 1 : 2;
  return width * height * Math.max(channels * sample, bytesPerPixel[format] ?? 0);
}
