import type { Reading } from "../../reading.ts";
import { maxPages } from "../headers/count-pages.ts";
import { entriesThatLibraryReads, tiffChain } from "../headers/tiff-chain.ts";
import { isLittleEndian } from "../headers/tiff-numbers.ts";
import { type FoundMetadata, type FoundProfile, type Hide, noMetadata } from "./found-metadata.ts";

const profileTag = 0x8773;
/** A tag that means nothing. It comes next, since the tags of a directory stand in their order. */
const hiddenTag = profileTag + 1;
/** The types of bytes. The library takes longer numbers for bytes as well. No program writes a profile so. */
const byteTypes: readonly number[] = [1, 7];

/** Finds the colour profiles of all pages. No reader of EXIF is called for a TIFF. */
export function* tiffMetadata(): Reading<FoundMetadata> {
  const chain = yield* tiffChain(maxPages);
  if (chain === undefined) return noMetadata;
  const { layout, number } = chain;
  const profiles: FoundProfile[] = [];
  const unwanted: Hide[] = [];
  for (const directory of new Set(chain.directories)) {
    const counted = yield { offset: directory, length: layout.countSize };
    if (counted.length < layout.countSize) continue;
    const count = Math.min(number(counted, 0, layout.countSize), entriesThatLibraryReads);
    const first = directory + layout.countSize;
    const entries = yield { offset: first, length: count * layout.entrySize };
    for (let at = 0; at + layout.entrySize <= entries.length; at += layout.entrySize) {
      if (number(entries, at, 2) !== profileTag) continue;
      const entry = first + at;
      const hide = (copy: Buffer): void => hideTag(copy, entry);
      const offset = number(entries, at + layout.valueAt, layout.offsetSize);
      const length = number(entries, at + layout.countAt, layout.offsetSize);
      if (byteTypes.includes(number(entries, at + layout.typeAt, 2)))
        profiles.push({ parts: [{ offset, length }], hide });
      else unwanted.push(hide);
    }
  }
  return { exif: [], profiles, unwanted };
}

function hideTag(copy: Buffer, entry: number): void {
  if (isLittleEndian(copy)) copy.writeUInt16LE(hiddenTag, entry);
  else copy.writeUInt16BE(hiddenTag, entry);
}
