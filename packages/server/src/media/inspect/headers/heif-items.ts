import type { Range } from "../../byte-source.ts";
import type { Reading } from "../../reading.ts";
import type { HeifBox } from "./heif-boxes.ts";

/** The library accepts no more than 1000 items, of 32 extents each. */
const maxItems = 5000;
const maxExtents = 1000;

/** The beginnings from which the offsets of items count. */
export const itemOrigins = { file: 0, data: 1 } as const;

/** The places of an item's bytes. They are cut into extents, of which only the first one's place is kept. */
export interface HeifItem {
  readonly id: number;
  /** One of `itemOrigins`, or another number for an item that lies in another item. */
  readonly origin: number;
  readonly extents: number;
  readonly first: Range;
  /** The bytes of all extents together. */
  readonly length: number;
}

/**
 * Reads the places of items from a box `iloc`.
 * @returns undefined for a box that the library should not be asked about
 */
export function* readHeifItems({ start }: HeifBox): Reading<readonly HeifItem[] | undefined> {
  const head = yield { offset: start, length: 10 };
  if (head.length < 10) return [];
  const version = head[0] ?? 0;
  const sizes = [head.readUInt8(4) >> 4, head.readUInt8(4) & 15, head.readUInt8(5) >> 4, head.readUInt8(5) & 15];
  if (version > 2 || sizes.some((bytes) => ![0, 4, 8].includes(bytes))) return undefined;
  const [offsetSize = 0, lengthSize = 0, baseSize = 0, indexSize = 0] = sizes;
  const idSize = version === 2 ? 4 : 2;
  const count = head.readUIntBE(6, idSize);
  if (count > maxItems) return undefined;
  const originAt = idSize;
  const baseAt = idSize + (version === 0 ? 0 : 2) + 2;
  const extentsAt = baseAt + baseSize;
  const extentOffsetAt = version === 0 ? 0 : indexSize;
  const extentSize = extentOffsetAt + offsetSize + lengthSize;
  const items: HeifItem[] = [];
  let offset = start + 6 + idSize;
  for (let index = 0; index < count; index += 1) {
    const entry = yield { offset, length: extentsAt + 2 };
    if (entry.length < extentsAt + 2) return items;
    const extents = entry.readUInt16BE(extentsAt);
    if (extents > maxExtents) return undefined;
    const bytes = yield { offset: offset + entry.length, length: extents * extentSize };
    const base = numberIn(entry, baseAt, baseSize);
    let length = 0;
    for (let at = 0; extentSize > 0 && at + extentSize <= bytes.length; at += extentSize) {
      length += numberIn(bytes, at + extentOffsetAt + offsetSize, lengthSize);
    }
    items.push({
      id: entry.readUIntBE(0, idSize),
      origin: version === 0 ? 0 : entry.readUInt16BE(originAt) & 15,
      extents,
      first: {
        offset: base + numberIn(bytes, extentOffsetAt, offsetSize),
        length: numberIn(bytes, extentOffsetAt + offsetSize, lengthSize),
      },
      length,
    });
    offset += entry.length + extents * extentSize;
  }
  return items;
}

/** Reads a number of 0, 4 or 8 bytes. One that isn't there, or is cut off, is 0. */
function numberIn(bytes: Buffer, offset: number, size: number): number {
  if (size === 0 || offset + size > bytes.length) return 0;
  return size === 4 ? bytes.readUInt32BE(offset) : Number(bytes.readBigUInt64BE(offset));
}
