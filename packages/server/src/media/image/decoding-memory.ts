import type { Metadata } from "sharp";

/** Bytes that a decoder holds for each pixel while it works, where the pixels themselves don't tell it. Measured. */
const bytesPerPixel: Readonly<Partial<Record<string, number>>> = { heif: 10 };

/**
 * The memory, in bytes, that the decoder holds for the whole image at once. A file of a few kilobytes can ask for a
 * gigabyte, because an image of one colour compresses to nothing. A plain JPEG or PNG needs no more than a few rows. A
 * progressive one, and every other format, is put together before its first row comes out. Of a progressive JPEG the
 * decoder holds the coefficients, two bytes each.
 */
export function decodingBytes(metadata: Metadata): number {
  const { format, width, height, channels, depth, isProgressive } = metadata;
  if (!isProgressive && (format === "jpeg" || format === "png")) return 0;
  const sample = depth === "uchar" && format !== "jpeg" ? 1 : 2;
  return width * height * Math.max(channels * sample, bytesPerPixel[format] ?? 0);
}
