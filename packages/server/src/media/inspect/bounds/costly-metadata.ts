import { type ByteSource, bufferSource } from "../../byte-source.ts";
import { type Reading, readFrom, readWithin } from "../../reading.ts";
import { exifOrientation } from "../headers/exif-orientation.ts";
import { costlyExif } from "./costly-exif.ts";
import type { FoundMetadata, Hide } from "./found-metadata.ts";
import { heifMetadata } from "./heif-metadata.ts";
import { jpegMetadata } from "./jpeg-metadata.ts";
import { pngMetadata } from "./png-metadata.ts";
import { contentOf } from "./profile-content.ts";
import { isBoundedProfile } from "./profile-cost.ts";
import { tiffMetadata } from "./tiff-metadata.ts";
import { webpMetadata } from "./webp-metadata.ts";

/** The readings that find, in each format, what the image library hands to its readers of EXIF and colour profiles. */
const finders = {
  avif: heifMetadata,
  heic: heifMetadata,
  // The image library has one name for both.
  heif: heifMetadata,
  jpeg: jpegMetadata,
  png: pngMetadata,
  tiff: tiffMetadata,
  webp: webpMetadata,
} as const satisfies Readonly<Record<string, (size: number) => Reading<FoundMetadata>>>;

/**
 * Hides the metadata of a picture from the image library that would keep it busy: EXIF whose directories lead to each
 * other, colour profiles of many calculations, and texts that inflate. The picture is made without them: in sRGB, and
 * upright as its EXIF says. A picture whose metadata a program has broken is fine otherwise.
 * @returns the same bytes if nothing is hidden, or else a copy of the same length
 */
export async function withoutCostlyMetadata(bytes: Buffer, format: string): Promise<Buffer> {
  const hides = await findCostlyMetadata(bufferSource(bytes), format);
  if (hides.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  for (const hide of hides) hide(copy);
  return copy;
}

/** Finds the metadata that `withoutCostlyMetadata` hides. */
export async function findCostlyMetadata(source: ByteSource, format: string): Promise<readonly Hide[]> {
  if (!isFound(format)) return [];
  const { exif, profiles, unwanted } = await readFrom(source, finders[format](source.size));
  const hides = [...unwanted];
  for (const { place, hide } of await readFrom(source, costlyExif(exif))) {
    const orientation = (await readFrom(source, readWithin(place, exifOrientation()))) ?? 1;
    hides.push((copy) => hide(copy, orientation));
  }
  for (const profile of profiles) {
    const content = await contentOf(source, profile);
    if (content === undefined || !isBoundedProfile(content)) hides.push(profile.hide);
  }
  return hides;
}

function isFound(format: string): format is keyof typeof finders {
  return Object.hasOwn(finders, format);
}
