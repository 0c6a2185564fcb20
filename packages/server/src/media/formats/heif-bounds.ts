import type { Reading } from "../reading.ts";
import { type HeifBox, type HeifMeta, readHeifItems, readHeifMetas, versionLength } from "./heif-boxes.ts";

/** Items share bytes if a picture has equal tiles, which are small. More shared bytes are there to take memory. */
const sharedBytes = 16 * 1024 * 1024;

/**
 * Whether the image library may be asked about a HEIF or AVIF file of this size. The library reads all boxes, which
 * takes seconds if there are millions of empty ones. It also puts together every item of metadata with all its
 * extents, so a file of a megabyte whose items name the same bytes over and over would take gigabytes.
 */
export function* isBoundedHeif(size: number): Reading<boolean> {
  const metas = yield* readHeifMetas(size);
  if (metas === undefined) return false;
  let left = 2 * size + sharedBytes;
  for (const box of metas.flatMap(({ places }) => places)) {
    const items = yield* readHeifItems(box);
    if (items === undefined) return false;
    left -= items.reduce((sum, { length }) => sum + length, 0);
    if (left < 0) return false;
  }
  return true;
}

/**
 * Counts the pixels that the library decodes for the picture of a HEIF file that takes most. A picture may be put
 * together of others, its tiles. A file of a kilobyte may show a small part of two hundred tiles of sixteen megapixels,
 * all of the same bytes, each of which is decoded whole.
 * @returns infinity for a file of more boxes than are looked at, or a picture that is put together of itself
 */
export function* countTilePixels(size: number): Reading<number> {
  const metas = yield* readHeifMetas(size);
  if (metas === undefined) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (const meta of metas) most = Math.max(most, pixelsOfMost(yield* readTiles(meta), yield* readSizes(meta)));
  return most;
}

/** The tiles of each picture that is put together, by the picture's id. */
type Tiles = ReadonlyMap<number, readonly number[]>;

function pixelsOfMost(tiles: Tiles, sizes: ReadonlyMap<number, number>): number {
  const counted = new Map<number, number>();
  const count = (picture: number): number => {
    const known = counted.get(picture);
    if (known !== undefined) return known;
    const parts = tiles.get(picture);
    // As long as its tiles are counted, the picture is itself one of them only in a circle.
    counted.set(picture, Number.POSITIVE_INFINITY);
    const pixels = parts === undefined ? (sizes.get(picture) ?? 0) : parts.reduce((sum, part) => sum + count(part), 0);
    counted.set(picture, pixels);
    return pixels;
  };
  return [...tiles.keys()].reduce((most, picture) => Math.max(most, count(picture)), 0);
}

function* readTiles({ references }: HeifMeta): Reading<Tiles> {
  const tiles = new Map<number, number[]>();
  for (const { type, start, end, version } of references) {
    if (type !== "dimg") continue;
    const idSize = version === 0 ? 2 : 4;
    const bytes = yield { offset: start, length: end - start };
    if (bytes.length < idSize + 2) continue;
    const picture = bytes.readUIntBE(0, idSize);
    const parts = tiles.get(picture) ?? [];
    tiles.set(picture, parts);
    let left = bytes.readUInt16BE(idSize);
    for (let at = idSize + 2; left > 0 && at + idSize <= bytes.length; at += idSize) {
      parts.push(bytes.readUIntBE(at, idSize));
      left -= 1;
    }
  }
  return tiles;
}

/** Reads the pixels of each item that has a size. */
function* readSizes({ properties, associations }: HeifMeta): Reading<ReadonlyMap<number, number>> {
  const pixelsOfProperty: number[] = [];
  for (const box of properties) pixelsOfProperty.push(box.type === "ispe" ? yield* readSize(box) : 0);
  const sizes = new Map<number, number>();
  for (const box of associations) {
    for (const [item, property] of yield* readAssociations(box)) {
      sizes.set(item, Math.max(sizes.get(item) ?? 0, pixelsOfProperty[property - 1] ?? 0));
    }
  }
  return sizes;
}

function* readSize({ start }: HeifBox): Reading<number> {
  const bytes = yield { offset: start + versionLength, length: 8 };
  return bytes.length < 8 ? 0 : bytes.readUInt32BE(0) * bytes.readUInt32BE(4);
}

/** Reads the pairs of an item and the number of one of its properties. */
function* readAssociations({ start, end }: HeifBox): Reading<readonly (readonly [number, number])[]> {
  const bytes = yield { offset: start, length: end - start };
  const pairs: (readonly [number, number])[] = [];
  if (bytes.length < 8) return pairs;
  const idSize = bytes[0] === 0 ? 2 : 4;
  const isWide = ((bytes[3] ?? 0) & 1) === 1;
  let offset = 8;
  for (let left = bytes.readUInt32BE(4); left > 0 && offset + idSize < bytes.length; left -= 1) {
    const item = bytes.readUIntBE(offset, idSize);
    const last = offset + idSize + 1 + (bytes[offset + idSize] ?? 0) * (isWide ? 2 : 1);
    for (offset += idSize + 1; offset < Math.min(last, bytes.length - (isWide ? 1 : 0)); offset += isWide ? 2 : 1) {
      // The first bit says whether the property has to be understood.
      pairs.push([item, isWide ? bytes.readUInt16BE(offset) & 0x7fff : bytes.readUInt8(offset) & 0x7f]);
    }
    offset = last;
  }
  return pairs;
}
