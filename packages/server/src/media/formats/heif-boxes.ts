import type { Range } from "../byte-source.ts";
import type { Reading } from "../reading.ts";

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
  /** The version of the box that this one is in, if that box has one. */
  readonly version: number | undefined;
}

/**
 * Reads the boxes between two offsets, one after the other, as far as the image library reads them.
 * @returns undefined when there are too many boxes
 */
function* readBoxes(start: number, end: number, version?: number): Reading<readonly HeifBox[] | undefined> {
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
    boxes.push({ type, typeAt: offset + 4, start: offset + (isLong ? 16 : 8), end: offset + length, version });
    offset += length;
  }
  return boxes;
}

/** The bytes of a version and flags, with which the content of many boxes begins. */
export const versionLength = 4;

/** The boxes that describe the items of a file: pictures, their tiles, and metadata. */
export interface HeifMeta {
  /** The places of the items' bytes: the boxes `iloc`. */
  readonly places: readonly HeifBox[];
  /** The boxes `idat`, in which items may have their bytes. */
  readonly data: readonly HeifBox[];
  /** The types of the items: the boxes `infe`. */
  readonly descriptions: readonly HeifBox[];
  /** The properties of items, which associations name by their numbers, from 1. */
  readonly properties: readonly HeifBox[];
  /** The boxes `ipma`. */
  readonly associations: readonly HeifBox[];
  /** References among the items. The type of each box is that of its references. */
  readonly references: readonly HeifBox[];
}

/**
 * Reads what the boxes `meta` of a file say of its items.
 * @returns undefined for a file of more boxes than are looked at, with two lists of properties, or in the short form
 * (`mini`), which nothing here reads
 */
export function* readHeifMetas(size: number): Reading<readonly HeifMeta[] | undefined> {
  const top = yield* readBoxes(0, size);
  if (top === undefined || top.some(({ type }) => type === "mini")) return undefined;
  const metas: HeifMeta[] = [];
  for (const box of ofType(top, "meta")) {
    const meta = yield* readMeta(box);
    if (meta === undefined) return undefined;
    metas.push(meta);
  }
  return metas;
}

function* readMeta({ start, end }: HeifBox): Reading<HeifMeta | undefined> {
  const boxes = yield* readBoxes(start + versionLength, end);
  // The number of items, which stands before their descriptions, has two bytes in the first version.
  const descriptions = yield* readChildren(boxes, "iinf", (version) => versionLength + (version === 0 ? 2 : 4));
  const references = yield* readChildren(boxes, "iref", () => versionLength);
  const listed = yield* readChildren(boxes, "iprp");
  const properties = yield* readChildren(listed, "ipco");
  if (boxes === undefined || descriptions === undefined || references === undefined) return undefined;
  if (listed === undefined || properties === undefined || ofType(listed, "ipco").length > 1) return undefined;
  const [places, data, associations] = [ofType(boxes, "iloc"), ofType(boxes, "idat"), ofType(listed, "ipma")];
  return { places, data, descriptions, properties, associations, references };
}

function ofType(boxes: readonly HeifBox[], type: string): readonly HeifBox[] {
  return boxes.filter((box) => box.type === type);
}

/**
 * Reads the boxes within those of a type.
 * @param headLength the bytes before them, by the version of the box that they are in
 * @returns undefined where one of them has too many
 */
function* readChildren(
  boxes: readonly HeifBox[] | undefined,
  type: string,
  headLength: (version: number | undefined) => number = () => 0,
): Reading<readonly HeifBox[] | undefined> {
  const all: HeifBox[] = [];
  for (const { start, end } of ofType(boxes ?? [], type)) {
    const version = (yield { offset: start, length: 1 })[0];
    const children = yield* readBoxes(start + headLength(version), end, version);
    if (children === undefined) return undefined;
    all.push(...children);
  }
  return boxes && all;
}

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
