import type { Reading } from "../../reading.ts";
import { type HeifBox, readHeifBoxes } from "./heif-boxes.ts";

/** Items share bytes if a picture has equal tiles, which are small. More shared bytes are there to take memory. */
const sharedBytes = 16 * 1024 * 1024;
/** The library accepts no more than 1000 items, of 32 extents each. */
const maxItems = 5000;
const maxExtents = 1000;

/**
 * Whether the image library may be asked about a HEIF or AVIF file of this size. The library reads all boxes, which
 * takes seconds if there are millions of empty ones. It also puts together every item of metadata with all its
 * extents, so a file of a megabyte whose items name the same bytes over and over would take gigabytes.
 */
export function* isBoundedHeif(size: number): Reading<boolean> {
  const boxes = yield* readHeifBoxes(0, size);
  if (boxes === undefined) return false;
  let left = 2 * size + sharedBytes;
  for (const meta of boxes.filter(({ type }) => type === "meta")) {
    // The children follow the version and flags of `meta`.
    const children = yield* readHeifBoxes(meta.start + 4, meta.end);
    if (children === undefined) return false;
    for (const box of children.filter(({ type }) => type === "iloc")) {
      left -= yield* readItemBytes(box);
      if (left < 0) return false;
    }
  }
  return true;
}

/**
 * Counts the bytes that the items of an `iloc` have together. Bytes that several items share count once for each of
 * them.
 * @returns infinity for a box that the library should not be asked about
 */
function* readItemBytes({ start }: HeifBox): Reading<number> {
  const head = yield { offset: start, length: 10 };
  if (head.length < 10) return 0;
  const version = head[0] ?? 0;
  const sizes = [head.readUInt8(4) >> 4, head.readUInt8(4) & 15, head.readUInt8(5) >> 4, head.readUInt8(5) & 15];
  if (version > 2 || sizes.some((bytes) => ![0, 4, 8].includes(bytes))) return Number.POSITIVE_INFINITY;
  const [offsetSize = 0, lengthSize = 0, baseSize = 0, indexSize = 0] = sizes;
  const wide = version === 2;
  const items = wide ? head.readUInt32BE(6) : head.readUInt16BE(6);
  if (items > maxItems) return Number.POSITIVE_INFINITY;
  const extentSize = (version === 0 ? 0 : indexSize) + offsetSize + lengthSize;
  const countAt = (wide ? 4 : 2) + (version === 0 ? 0 : 2) + 2 + baseSize;
  let offset = start + (wide ? 10 : 8);
  let total = 0;
  for (let item = 0; item < items; item += 1) {
    const entry = yield { offset, length: countAt + 2 };
    if (entry.length < countAt + 2) return total;
    const count = entry.readUInt16BE(countAt);
    if (count > maxExtents) return Number.POSITIVE_INFINITY;
    const extents = yield { offset: offset + entry.length, length: count * extentSize };
    if (lengthSize > 0) {
      for (let at = extentSize - lengthSize; at + lengthSize <= extents.length; at += extentSize) {
        total += lengthSize === 4 ? extents.readUInt32BE(at) : Number(extents.readBigUInt64BE(at));
      }
    }
    offset += entry.length + count * extentSize;
  }
  return total;
}
