import { type Reading, readWithin } from "../../reading.ts";
import { countExifEntries, maxExifEntries } from "./exif-entries.ts";
import type { FoundExif } from "./found-metadata.ts";

/** Finds the blocks with which a file has more entries than `maxExifEntries`, or whose directories lead in circles. */
export function* costlyExif(exif: readonly FoundExif[]): Reading<readonly FoundExif[]> {
  const costly: FoundExif[] = [];
  let left = maxExifEntries;
  for (const block of exif) {
    left -= yield* readWithin(block.place, countExifEntries());
    if (left < 0) costly.push(block);
  }
  return costly;
}
