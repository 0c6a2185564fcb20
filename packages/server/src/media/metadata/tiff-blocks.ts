import type { ByteSource, Range } from "../byte-source.ts";
import { readNumberOf } from "../inspect/headers/tiff-numbers.ts";
import type { Reading } from "../reading.ts";
import { decodeXmp, type MetadataBlocks, maxIptcBytes, maxXmpBytes } from "./blocks.ts";

const tags = { xmp: 0x02bc, iptc: 0x83bb, profile: 0x8773 };
const maxEntries = 4096;
/** The bytes of one value, by its type. */
const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 4: 4, 6: 1, 7: 1, 13: 4 };

/** A TIFF file is its own EXIF block. Its other metadata lies in tags of the first directory. */
export function* tiffBlocks(source: ByteSource): Reading<MetadataBlocks> {
  const found = yield* findBytes();
  const xmp = yield* bytesWithin(maxXmpBytes, found.get(tags.xmp));
  return {
    exif: source,
    iptc: yield* bytesWithin(maxIptcBytes, found.get(tags.iptc)),
    xmp: xmp && decodeXmp(xmp),
    hasColorProfile: found.has(tags.profile),
  };
}

function* bytesWithin(maxLength: number, range: Range | undefined): Reading<Buffer | undefined> {
  return range === undefined || range.length > maxLength ? undefined : yield range;
}

function* findBytes(): Reading<ReadonlyMap<number, Range>> {
  const found = new Map<number, Range>();
  const start = yield { offset: 0, length: 8 };
  if (start.length < 8) return found;
  const number = readNumberOf(start);
  const offset = number(start, 4, 4);
  const counted = yield { offset, length: 2 };
  if (number(start, 2, 2) !== 42 || counted.length < 2) return found;
  const entries = yield { offset: offset + 2, length: Math.min(number(counted, 0, 2), maxEntries) * 12 };
  for (let at = 0; at + 12 <= entries.length; at += 12) {
    const tag = number(entries, at, 2);
    const length = (sizes[number(entries, at + 2, 2)] ?? 0) * number(entries, at + 4, 4);
    if (length > 4 && !found.has(tag)) found.set(tag, { offset: number(entries, at + 8, 4), length });
  }
  return found;
}
