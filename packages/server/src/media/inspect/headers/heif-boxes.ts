import type { Reading } from "../../reading.ts";

/**
 * The most boxes at the top of a file, or in `meta`. At the top a picture has three or four boxes, and a sequence has
 * some more.
 */
const maxBoxes = 1000;
const toTheEnd = 0;
const longSize = 1;

export interface HeifBox {
  readonly type: string;
  /** The position of the type's four letters. */
  readonly typeAt: number;
  /** The positions at which the box's content begins and ends. */
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the boxes between two offsets, one after the other, as far as the image library reads them.
 * @returns undefined when there are too many boxes
 */
export function* readHeifBoxes(start: number, end: number): Reading<readonly HeifBox[] | undefined> {
  const boxes: HeifBox[] = [];
  for (let offset = start; offset < end; ) {
    const header = yield { offset, length: 16 };
    if (header.length < 8) break;
    if (boxes.length === maxBoxes) return undefined;
    const size = header.readUInt32BE(0);
    const isLong = size === longSize;
    if (isLong && header.length < 16) break;
    const length = size === toTheEnd ? end - offset : isLong ? Number(header.readBigUInt64BE(8)) : size;
    // The library also ends at a box that is smaller than its header.
    if (length < 8) break;
    const type = header.toString("latin1", 4, 8);
    boxes.push({ type, typeAt: offset + 4, start: offset + (isLong ? 16 : 8), end: offset + length });
    offset += length;
  }
  return boxes;
}
