import type { Reading } from "../../reading.ts";
import { big, bigTiff, classic, type TiffLayout } from "./tiff-layout.ts";
import { type ReadNumber, readNumberOf } from "./tiff-numbers.ts";

/**
 * The most entries of a directory. Cameras write a hundred. The library takes a second for as many as it reads, if it
 * knows none of their tags, each time that it opens the file. A directory of more entries ends the chain.
 */
const maxDirectoryEntries = 1000;
export const entriesThatLibraryReads = 4096;

export interface TiffChain {
  /** The offsets of the directories, in the order in which they follow one another. */
  readonly directories: readonly number[];
  /** False if the chain ends with a directory of more entries than are looked at, which the library would read. */
  readonly hasFewEntries: boolean;
  readonly layout: TiffLayout;
  readonly number: ReadNumber;
}

/**
 * Walks the first directories of a TIFF, one for each page. A chain that leads in a circle has as many as are asked for.
 * @returns undefined for a file that ends within its header
 */
export function* tiffChain(maxDirectories: number): Reading<TiffChain | undefined> {
  const start = yield { offset: 0, length: 16 };
  if (start.length < 8) return undefined;
  const number = readNumberOf(start);
  const layout = number(start, 2, 2) === bigTiff ? big : classic;
  /** Returns 0, which is no directory, if the file ends before the number. */
  function* read(offset: number, size: number): Reading<number> {
    const bytes = yield { offset, length: size };
    return bytes.length < size ? 0 : number(bytes, 0, size);
  }
  const { first, offsetSize, countSize, entrySize } = layout;
  const directories: number[] = [];
  let offset = yield* read(first, offsetSize);
  while (offset > 0 && directories.length < maxDirectories) {
    directories.push(offset);
    const entries = yield* read(offset, countSize);
    if (entries > maxDirectoryEntries) {
      return { directories, hasFewEntries: entries > entriesThatLibraryReads, layout, number };
    }
    offset = yield* read(offset + countSize + entries * entrySize, offsetSize);
  }
  return { directories, hasFewEntries: true, layout, number };
}
