import type { OutputFormat } from "../plan/choose-output.ts";
import { lengthOf, type Parts, type StripOptions } from "./parts.ts";
import { stripGif } from "./strip-gif.ts";
import { stripJpeg } from "./strip-jpeg.ts";
import { stripPng } from "./strip-png.ts";
import { stripWebp } from "./strip-webp.ts";

const strippers = {
  gif: stripGif,
  jpeg: stripJpeg,
  png: stripPng,
  webp: stripWebp,
} as const satisfies Partial<
  Record<OutputFormat, (bytes: Buffer, options: StripOptions) => Promise<Parts | undefined> | Parts | undefined>
>;

export type StrippableFormat = keyof typeof strippers;

export function isStrippable(format: string): format is StrippableFormat {
  return Object.hasOwn(strippers, format);
}

/**
 * Copies a picture file without its metadata. The copy has the same pixels, bit for bit, the colour profile and, for a
 * JPEG, the orientation, and nothing else: no EXIF, GPS, XMP, IPTC, comments or thumbnails, and no data behind the
 * picture. Each kind of part that may stay is on a list.
 * @returns undefined for a file that has a part that isn't in order or isn't known, or that stays too large
 */
export async function stripPicture(
  bytes: Buffer,
  format: StrippableFormat,
  options: StripOptions,
): Promise<Buffer | undefined> {
  const parts = await strippers[format](bytes, options);
  if (parts === undefined || lengthOf(parts) >= options.maxBytes) return undefined;
  return Buffer.concat(parts);
}

/** Whether a file is in order in every part, and every client shows it as the image library does. */
export async function isPlainPicture(bytes: Buffer, format: StrippableFormat): Promise<boolean> {
  return (await strippers[format](bytes, { orientation: 1, maxBytes: Infinity })) !== undefined;
}
