import type { Range } from "../byte-source.ts";
import { type Reading, readBytes, readWithin } from "../reading.ts";
import {
  classicTiff,
  orientationTag,
  readDirectory,
  readNext,
  readTiff,
  type Tiff,
  tiffNumbers,
} from "./tiff-directories.ts";

/** The bytes that JPEG, and some writers of WebP, put before the TIFF structure. */
export const exifPrefix = "Exif\0\0";

/** Finds the offset at which the TIFF begins in an EXIF block. */
export function* startOfTiff(): Reading<number> {
  const prefix = yield { offset: 0, length: exifPrefix.length };
  return prefix.toString("latin1") === exifPrefix ? exifPrefix.length : 0;
}

/** Whether a TIFF is one that readers of EXIF accept. BigTIFF isn't EXIF. */
export function isExif(tiff: Tiff | undefined): tiff is Tiff {
  return tiff?.hasOrder === true && tiff.version === classicTiff;
}

/** The orientation in an EXIF block, 1 to 8; undefined when it has none or an impossible one. */
export function* exifOrientation(): Reading<number | undefined> {
  const tiff = { offset: yield* startOfTiff(), length: Number.POSITIVE_INFINITY };
  const numbers = yield* readWithin(tiff, tiffNumbers());
  return validOrientation(numbers?.get(orientationTag));
}

export function validOrientation(value: number | undefined): number | undefined {
  return value !== undefined && value >= 1 && value <= 8 ? value : undefined;
}

/**
 * The most entries that a picture's EXIF may have, in all directories together. A camera's picture has some hundred,
 * apart from those that its maker keeps in an entry of their own.
 */
export const maxExifEntries = 256;

/** The tags in which one directory states the offset of another. */
export const exifPointers = { exif: 0x8769, gps: 0x8825, interoperability: 0xa005 } as const;
const pointerTags: ReadonlySet<number> = new Set(Object.values(exifPointers));

/**
 * Counts the entries of an EXIF block in the directories that the image library follows. The library follows each
 * pointer that it comes upon, wherever it leads. A directory of 7 KB whose entries are pointers to the directory itself
 * keeps it busy for hours.
 * @returns infinity if directories lead to each other more than once, or if there are more than `maxExifEntries`; 0 for
 * a block in which the library finds no directory
 */
export function* countExifEntries(): Reading<number> {
  return yield* readWithin({ offset: yield* startOfTiff(), length: Number.POSITIVE_INFINITY }, countInTiff());
}

function* countInTiff(): Reading<number> {
  const tiff = yield* readTiff();
  if (!isExif(tiff)) return 0;
  const found = new Set<number>();
  const waiting = [tiff.first];
  let entries = 0;
  for (let offset = waiting.pop(); offset !== undefined; offset = waiting.pop()) {
    if (found.has(offset)) return Number.POSITIVE_INFINITY;
    const isFirst = found.size === 0;
    found.add(offset);
    const directory = yield* readDirectory(tiff, offset, maxExifEntries);
    if (directory === undefined) continue;
    entries += directory.count;
    if (entries > maxExifEntries) return Number.POSITIVE_INFINITY;
    for (const { tag, bytes, field } of directory.entries) {
      if (pointerTags.has(tag)) waiting.push(tiff.number(bytes, field, 4));
    }
    // The directory of the thumbnail follows the first one. Later ones aren't read.
    const thumbnail = isFirst ? yield* readNext(tiff, directory) : undefined;
    if (thumbnail !== undefined && thumbnail !== 0) waiting.push(thumbnail);
  }
  return entries;
}

/** A directory of one entry, the orientation, which stands at `orientationAt`. */
const directoryOfOrientation = Buffer.from("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0", "latin1");
const orientationAt = 18;

/**
 * Writes a block of EXIF anew, which then states the orientation and nothing else. The block keeps its place, its length,
 * and the prefix that it may begin with. A block that states many entries, and ends before them, has no room.
 */
export function keepOrientation(copy: Buffer, { offset, length }: Range, orientation: number): void {
  const block = copy.subarray(offset, offset + length);
  const start = block.toString("latin1", 0, exifPrefix.length) === exifPrefix ? exifPrefix.length : 0;
  block.fill(0, start);
  directoryOfOrientation.copy(block, start);
  if (start + orientationAt < block.length) block.writeUInt8(orientation, start + orientationAt);
}

/** A copy of an EXIF block without its prefix, whose first directory says that the picture is upright. */
export function uprightExif(block: Buffer): Buffer {
  const copy = Buffer.from(block.subarray(readBytes(block, startOfTiff())));
  const tiff = readBytes(copy, readTiff(true));
  const directory = tiff && readBytes(copy, readDirectory(tiff, tiff.first, Number.POSITIVE_INFINITY));
  // The entries' bytes are parts of the copy.
  for (const { tag, bytes, field } of directory?.entries ?? []) {
    if (tag !== orientationTag) continue;
    if (tiff?.isLittleEndian) bytes.writeUInt16LE(1, field);
    else bytes.writeUInt16BE(1, field);
  }
  return copy;
}
