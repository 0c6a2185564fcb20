import type { Reading } from "../reading.ts";

/** Reads an unsigned number of 1, 2, 4 or 8 bytes. A number beyond the exact integers is no offset in any file. */
export type ReadNumber = (bytes: Buffer, offset: number, size: number) => number;

const littleEndian: ReadNumber = (bytes, offset, size) => {
  if (size === 2) return bytes.readUInt16LE(offset);
  if (size === 4) return bytes.readUInt32LE(offset);
  return size === 8 ? Number(bytes.readBigUInt64LE(offset)) : bytes.readUInt8(offset);
};
const bigEndian: ReadNumber = (bytes, offset, size) => {
  if (size === 2) return bytes.readUInt16BE(offset);
  if (size === 4) return bytes.readUInt32BE(offset);
  return size === 8 ? Number(bytes.readBigUInt64BE(offset)) : bytes.readUInt8(offset);
};

/**
 * The position at which the offset of the first directory stands, and the bytes of an offset, of a directory's number of
 * entries, and of an entry. An entry has a tag and a type of two bytes each. Its count of values has the bytes of an
 * offset, and so has the field with its values or their offset.
 */
const classic = { firstAt: 4, offsetSize: 4, countSize: 2, entrySize: 12 };
const big: typeof classic = { firstAt: 8, offsetSize: 8, countSize: 8, entrySize: 20 };
const typeAt = 2;
const countAt = 4;

/** The letters "II" and "MM", with which a file states the order of its bytes, as numbers. */
const orders = { little: 0x4949, big: 0x4d4d };
/** The numbers that follow the order. */
export const classicTiff = 42;
export const bigTiff = 43;

/** The beginning of a TIFF file, or of an EXIF block, which is a TIFF too. */
export interface Tiff {
  /** Whether the file states an order of its bytes. Without one, its numbers are read in big-endian order. */
  readonly hasOrder: boolean;
  readonly isLittleEndian: boolean;
  readonly number: ReadNumber;
  /** `classicTiff`, `bigTiff`, or the number that a damaged file has there, which is read like a classic one. */
  readonly version: number;
  /** The offset of the first directory. */
  readonly first: number;
  readonly layout: typeof classic;
}

export interface TiffDirectory {
  /** The number of entries, as the directory states it. */
  readonly count: number;
  /** As many of the first entries as were asked for, as far as the file has them. */
  readonly entries: readonly TiffEntry[];
  /** The position behind the last entry, where the offset of the next directory stands. */
  readonly end: number;
}

export interface TiffEntry {
  readonly offset: number;
  readonly tag: number;
  readonly type: number;
  /** The number of values. */
  readonly count: number;
  /** The bytes in which the field stands, and its position in them. */
  readonly bytes: Buffer;
  readonly field: number;
}

/**
 * @param isClassic whether a BigTIFF is read as if it were none
 * @returns undefined for a file that ends within its header
 */
export function* readTiff(isClassic = false): Reading<Tiff | undefined> {
  const start = yield { offset: 0, length: 16 };
  if (start.length < 8) return undefined;
  const order = start.readUInt16BE(0);
  const isLittleEndian = order === orders.little;
  const number = isLittleEndian ? littleEndian : bigEndian;
  const version = number(start, 2, 2);
  const layout = version === bigTiff && !isClassic ? big : classic;
  if (start.length < layout.firstAt + layout.offsetSize) return undefined;
  const first = number(start, layout.firstAt, layout.offsetSize);
  return { hasOrder: isLittleEndian || order === orders.big, isLittleEndian, number, version, first, layout };
}

/** @returns undefined where the file ends before the directory's number of entries */
export function* readDirectory(
  { number, layout }: Tiff,
  offset: number,
  maxEntries: number,
): Reading<TiffDirectory | undefined> {
  const { countSize, entrySize, offsetSize } = layout;
  const counted = yield { offset, length: countSize };
  if (counted.length < countSize) return undefined;
  const count = number(counted, 0, countSize);
  const start = offset + countSize;
  const entries: TiffEntry[] = [];
  const wanted = Math.min(count, maxEntries);
  const bytes = wanted === 0 ? counted.subarray(countSize) : yield { offset: start, length: wanted * entrySize };
  for (let at = 0; at + entrySize <= bytes.length; at += entrySize) {
    entries.push({
      offset: start + at,
      tag: number(bytes, at, 2),
      type: number(bytes, at + typeAt, 2),
      count: number(bytes, at + countAt, offsetSize),
      bytes,
      field: at + countAt + offsetSize,
    });
  }
  return { count, entries, end: start + count * entrySize };
}

/** Reads the offset of the directory that follows. @returns undefined where the file ends before it */
export function* readNext({ number, layout }: Tiff, { end }: TiffDirectory): Reading<number | undefined> {
  const { offsetSize } = layout;
  const bytes = yield { offset: end, length: offsetSize };
  return bytes.length < offsetSize ? undefined : number(bytes, 0, offsetSize);
}

export const orientationTag = 0x0112;

/** Far more entries than any camera writes. */
const maxEntriesOfFirst = 4096;

const wholeNumberSizes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 16: 8 };

/**
 * Reads the first value of each entry in the first directory of a TIFF or BigTIFF, by tag. The answer has only entries
 * whose values are whole numbers in the entry itself. Later directories aren't read: a chain of them can be as long as
 * the file.
 * @returns undefined when there is no directory
 */
export function* tiffNumbers(): Reading<ReadonlyMap<number, number> | undefined> {
  const tiff = yield* readTiff();
  if (tiff === undefined || !tiff.hasOrder || ![classicTiff, bigTiff].includes(tiff.version)) return undefined;
  const directory = yield* readDirectory(tiff, tiff.first, maxEntriesOfFirst);
  if (directory === undefined) return undefined;
  const values = new Map<number, number>();
  for (const { tag, type, count, bytes, field } of directory.entries) {
    const size = wholeNumberSizes[type];
    const inline = size !== undefined && count > 0 && count * size <= tiff.layout.offsetSize;
    if (inline && !values.has(tag)) values.set(tag, tiff.number(bytes, field, size));
  }
  return values;
}

/**
 * The most entries of a directory. Cameras write a hundred. The library takes a second for as many as it reads, if it
 * knows none of their tags, each time that it opens the file. A directory of more entries ends the chain.
 */
const maxEntriesOfPage = 1000;
export const entriesThatLibraryReads = 4096;

/**
 * Walks the first directories of a TIFF, one for each page. A chain that leads in a circle has as many as are asked for.
 * @returns the offsets of the directories, and whether the chain ends before a directory of more entries than are looked
 * at, which the library would read
 */
export function* tiffChain(
  tiff: Tiff,
  maxDirectories: number,
): Reading<{ readonly directories: readonly number[]; readonly hasFewEntries: boolean }> {
  const directories: number[] = [];
  let offset = tiff.first;
  while (offset > 0 && directories.length < maxDirectories) {
    directories.push(offset);
    const directory = yield* readDirectory(tiff, offset, 0);
    if (directory === undefined) break;
    if (directory.count > maxEntriesOfPage) {
      return { directories, hasFewEntries: directory.count > entriesThatLibraryReads };
    }
    offset = (yield* readNext(tiff, directory)) ?? 0;
  }
  return { directories, hasFewEntries: true };
}
