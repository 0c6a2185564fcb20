import { promisify } from "node:util";
import { inflate, inflateSync } from "node:zlib";
import { type ByteSource, bufferSource } from "../../byte-source.ts";
import { countExifEntries, exifOrientation, maxExifEntries } from "../../formats/exif.ts";
import type { FoundExif, FoundMetadata, FoundProfile, Hide } from "../../formats/found-metadata.ts";
import { heifMetadata } from "../../formats/heif-metadata.ts";
import { jpegMetadata } from "../../formats/jpeg-metadata.ts";
import { pngMetadata } from "../../formats/png.ts";
import { tiffMetadata } from "../../formats/tiff-metadata.ts";
import { webpMetadata } from "../../formats/webp.ts";
import { type Reading, readFrom, readWithin } from "../../reading.ts";
import { maxPages } from "../count-pages.ts";
import { isBoundedProfile, maxProfileBytes } from "./profile-cost.ts";

/** The readings that find, in each format, what the image library hands to its readers of EXIF and colour profiles. */
const finders: Readonly<Record<string, (size: number) => Reading<FoundMetadata>>> = {
  avif: heifMetadata,
  heic: heifMetadata,
  // The image library has one name for both.
  heif: heifMetadata,
  jpeg: jpegMetadata,
  png: pngMetadata,
  tiff: () => tiffMetadata(maxPages),
  webp: webpMetadata,
};

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
  const find = finders[format];
  if (find === undefined) return [];
  const { exif, profiles, unwanted } = await readFrom(source, find(source.size));
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

/** Finds the blocks with which a file has more entries than `maxExifEntries`, or whose directories lead in circles. */
function* costlyExif(exif: readonly FoundExif[]): Reading<readonly FoundExif[]> {
  const costly: FoundExif[] = [];
  let left = maxExifEntries;
  for (const block of exif) {
    left -= yield* readWithin(block.place, countExifEntries());
    if (left < 0) costly.push(block);
  }
  return costly;
}

const inflateApart = promisify(inflate);

/** A profile of so many bytes, as nearly all are, inflates in less time than it takes to ask another thread. */
const maxBytesHere = 64 * 1024;

/**
 * Reads a colour profile.
 * @returns undefined for one that doesn't inflate, or has more than `maxProfileBytes`
 */
async function contentOf(source: ByteSource, { parts, isDeflated = false }: FoundProfile): Promise<Buffer | undefined> {
  const found: Buffer[] = [];
  let left = maxProfileBytes;
  for (const { offset, length } of parts) {
    const bytes = await source.read(offset, Math.min(Math.max(length, 0), left + 1));
    left -= bytes.length;
    if (left < 0) return undefined;
    found.push(bytes);
  }
  const [first, ...others] = found;
  const content = others.length === 0 && first !== undefined ? first : Buffer.concat(found);
  return isDeflated ? inflateProfile(content) : content;
}

async function inflateProfile(deflated: Buffer): Promise<Buffer | undefined> {
  try {
    return inflateSync(deflated, { maxOutputLength: maxBytesHere });
  } catch (error) {
    if (!(error instanceof RangeError)) return undefined;
    return inflateApart(deflated, { maxOutputLength: maxProfileBytes }).catch(() => undefined);
  }
}
