import type { Reading } from "../../reading.ts";
import { big, bigTiff, classic, classicTiff, type TiffLayout } from "./tiff-layout.ts";
import { type ReadNumber, readNumberOf } from "./tiff-numbers.ts";

/** The first value of each entry, by tag. It has only entries whose values are whole numbers in the entry itself. */
export type TiffDirectory = ReadonlyMap<number, number>;

export const orientationTag = 0x0112;

/** Far more entries than any camera writes. */
const maxDirectoryEntries = 4096;

const wholeNumberSizes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 16: 8 };

/**
 * Reads the first directory of a TIFF or BigTIFF: that of a TIFF file, or that of an EXIF block, which is a TIFF too.
 * Undefined when there is none. Later directories aren't read: a chain of them can be as long as the file.
 */
export function* tiffDirectory(): Reading<TiffDirectory | undefined> {
  const start = yield { offset: 0, length: 16 };
  const order = start.toString("latin1", 0, 2);
  if (start.length < 8 || (order !== "II" && order !== "MM")) {
    return undefined;
  }
  const number = readNumberOf(start);
  const magic = number(start, 2, 2);
  if (magic !== classicTiff && !(magic === bigTiff && start.length === 16)) {
    return undefined;
  }
  const layout = magic === bigTiff ? big : classic;
  const offset = number(start, layout.first, layout.offsetSize);
  const counted = yield { offset, length: layout.countSize };
  if (counted.length < layout.countSize) {
    return undefined;
  }
  const count = Math.min(number(counted, 0, layout.countSize), maxDirectoryEntries);
  const entries = yield { offset: offset + layout.countSize, length: count * layout.entrySize };
  return readEntries(entries, layout, number);
}

function readEntries(bytes: Buffer, layout: TiffLayout, number: ReadNumber): TiffDirectory {
  const values = new Map<number, number>();
  for (let entry = 0; entry + layout.entrySize <= bytes.length; entry += layout.entrySize) {
    const tag = number(bytes, entry, 2);
    const size = wholeNumberSizes[number(bytes, entry + layout.typeAt, 2)];
    const count = number(bytes, entry + layout.countAt, layout.offsetSize);
    const inline = size !== undefined && count > 0 && count * size <= layout.offsetSize;
    if (inline && !values.has(tag)) {
      values.set(tag, number(bytes, entry + layout.valueAt, size));
    }
  }
  return values;
}
