import { type Reading, readWithin } from "../../reading.ts";
import { startOfTiff } from "../headers/exif-orientation.ts";
import { readNumberOf } from "../headers/tiff-numbers.ts";

/**
 * The most entries that a picture's EXIF may have, in all directories together. A camera's picture has some hundred,
 * apart from those that its maker keeps in an entry of their own.
 */
export const maxExifEntries = 256;

/** The entries that state where another directory begins: EXIF, GPS and interoperability. */
const pointers: ReadonlySet<number> = new Set([0x8769, 0x8825, 0xa005]);
const entryLength = 12;

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
  const start = yield { offset: 0, length: 8 };
  const order = start.toString("latin1", 0, 2);
  if (start.length < 8 || (order !== "II" && order !== "MM")) return 0;
  const number = readNumberOf(start);
  if (number(start, 2, 2) !== 42) return 0;
  const found = new Set<number>();
  const waiting = [number(start, 4, 4)];
  let entries = 0;
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    if (found.has(directory)) return Number.POSITIVE_INFINITY;
    const isFirst = found.size === 0;
    found.add(directory);
    const counted = yield { offset: directory, length: 2 };
    const count = counted.length < 2 ? 0 : number(counted, 0, 2);
    entries += count;
    if (entries > maxExifEntries) return Number.POSITIVE_INFINITY;
    const bytes = yield { offset: directory + 2, length: count * entryLength + 4 };
    for (let at = 0; at < count * entryLength && at + entryLength <= bytes.length; at += entryLength) {
      if (pointers.has(number(bytes, at, 2))) waiting.push(number(bytes, at + 8, 4));
    }
    // The directory of the thumbnail follows the first one. Later ones aren't read.
    if (isFirst && bytes.length === count * entryLength + 4) {
      const thumbnail = number(bytes, count * entryLength, 4);
      if (thumbnail !== 0) waiting.push(thumbnail);
    }
  }
  return entries;
}
