import type { ByteSource } from "../byte-source.ts";
import { readNumberOf } from "../headers/tiff-numbers.ts";
import { decodeXmp, longestIptc, longestXmp, type MetadataBlocks } from "./blocks.ts";

const tags = { xmp: 0x02bc, iptc: 0x83bb, profile: 0x8773 };
const mostEntries = 4096;
/** Of one value, by its type. */
const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 4: 4, 6: 1, 7: 1, 13: 4 };

/** The file is its own EXIF; what else it has lies in tags of the first directory. */
export async function tiffBlocks(source: ByteSource): Promise<MetadataBlocks> {
  const found = await findBytes(source);
  const read = async (tag: number, most: number): Promise<Buffer | undefined> => {
    const place = found.get(tag);
    return place === undefined || place.size > most ? undefined : source.read(place.offset, place.size);
  };
  const xmp = await read(tags.xmp, longestXmp);
  return {
    exif: source,
    iptc: await read(tags.iptc, longestIptc),
    xmp: xmp && decodeXmp(xmp),
    hasColorProfile: found.has(tags.profile),
  };
}

interface Place {
  readonly offset: number;
  readonly size: number;
}

async function findBytes(source: ByteSource): Promise<ReadonlyMap<number, Place>> {
  const found = new Map<number, Place>();
  const start = await source.read(0, 8);
  if (start.length < 8) return found;
  const number = readNumberOf(start);
  const offset = number(start, 4, 4);
  const counted = await source.read(offset, 2);
  if (number(start, 2, 2) !== 42 || counted.length < 2) return found;
  const entries = await source.read(offset + 2, Math.min(number(counted, 0, 2), mostEntries) * 12);
  for (let at = 0; at + 12 <= entries.length; at += 12) {
    const tag = number(entries, at, 2);
    const size = (sizes[number(entries, at + 2, 2)] ?? 0) * number(entries, at + 4, 4);
    if (size > 4 && !found.has(tag)) found.set(tag, { offset: number(entries, at + 8, 4), size });
  }
  return found;
}
