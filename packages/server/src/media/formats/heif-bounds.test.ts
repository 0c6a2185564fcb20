import sharp from "sharp";
import { expect, test } from "vitest";
import { bufferSource } from "../byte-source.ts";
import { readFrom } from "../reading.ts";
import { avifOf, gridItem, type Item, pictureIn, sizeProperty } from "../testing/heif-files.ts";
import { avifOfTwo, heicLarge, heicOfTwo, heicQuadrants, heicTurned } from "../testing/heif-pictures.ts";
import { countTilePixels, isBoundedHeif } from "./heif-bounds.ts";

const isBounded = (bytes: Buffer) => readFrom(bufferSource(bytes), isBoundedHeif(bytes.length));

const half = (value: number): number[] => [value >>> 8, value & 255];
const word = (value: number): number[] => [...half(value >>> 16), ...half(value & 0xffff)];

function box(type: string, ...parts: readonly (readonly number[] | Buffer)[]): Buffer {
  const content = Buffer.concat([Buffer.from(type), ...parts.map((part) => Buffer.from(part))]);
  return Buffer.concat([Buffer.from(word(content.length + 4)), content]);
}

const fileType = box("ftyp", Buffer.from("avif\0\0\0\0mif1"));
const meta = (...children: readonly Buffer[]) => box("meta", word(0), ...children);
const file = (...children: readonly Buffer[]) => Buffer.concat([fileType, meta(...children)]);

/** An `iloc` box with so many items. Each item has `extents` extents of `length` bytes. */
function places(version: 0 | 1 | 2, items: number, extents: number, length: number): Buffer {
  const wide = version === 2 ? word : half;
  const extent = [...(version === 0 ? [] : word(7)), ...word(40), ...word(length)];
  const item = [...wide(1), ...(version === 0 ? [] : half(0)), ...half(0), ...word(0), ...half(extents)];
  const each = [...item, ...Array.from({ length: extents }, () => extent).flat()];
  const all = Array.from({ length: items }, () => each).flat();
  return box("iloc", [version, 0, 0, 0, 0x44, version === 0 ? 0x40 : 0x44], wide(items), all);
}

const megabyte = 1024 * 1024;

test.each([
  ["a HEIC", heicQuadrants],
  ["a HEIC with EXIF", heicTurned],
  ["a large HEIC", heicLarge],
  ["a HEIC with two items of the same bytes", heicOfTwo],
  ["an AVIF with two pictures", avifOfTwo],
  ["equal tiles", file(places(0, 200, 1, 5000))],
])("%s is one that the library may read", async (_what, bytes) => {
  expect(await isBounded(bytes)).toBe(true);
});

test("an AVIF with metadata is one that the library may read", async () => {
  const picture = sharp({ create: { width: 40, height: 30, channels: 4, background: "#f008" } });
  const bytes = await picture
    .withExif({ IFD0: { Copyright: "Ada" } })
    .withXmp("<x/>")
    .avif({ effort: 0 })
    .toBuffer();
  expect(await isBounded(bytes)).toBe(true);
});

test.each([0, 1, 2] as const)("items that name bytes over and over are too much, in version %d", async (version) => {
  expect(await isBounded(file(places(version, 1, 30, megabyte)))).toBe(false);
  expect(await isBounded(file(places(version, 30, 1, megabyte)))).toBe(false);
  expect(await isBounded(file(places(version, 10, 1, megabyte)))).toBe(true);
});

test("they are found wherever the library finds them", async () => {
  const bomb = places(0, 2, 16, megabyte);
  const toTheEnd = Buffer.from(file(bomb));
  toTheEnd.writeUInt32BE(0, fileType.length);
  const long = Buffer.from([0, 0, 0, 1, ...Buffer.from("iloc"), 0, 0, 0, 0, ...word(bomb.length + 8)]);
  const bombs = [
    file(box("free"), bomb),
    file(places(0, 1, 16, megabyte), places(0, 1, 16, megabyte)),
    Buffer.concat([file(), meta(bomb)]),
    toTheEnd,
    file(long, bomb.subarray(8)),
  ];
  expect(await Promise.all(bombs.map(isBounded))).toEqual(bombs.map(() => false));
});

test("more items, extents or boxes than the library takes are too much", async () => {
  const frees = Array.from({ length: 1001 }, () => box("free"));
  const bombs = [file(places(2, 5001, 0, 0)), file(places(0, 1, 1001, 0)), file(...frees), Buffer.concat(frees)];
  expect(await Promise.all(bombs.map(isBounded))).toEqual(bombs.map(() => false));
});

test("a file that is cut off anywhere is read to its end", async () => {
  const bytes = file(places(1, 3, 2, 10));
  for (let length = 0; length < bytes.length; length += 1) {
    expect(await isBounded(bytes.subarray(0, length))).toBe(true);
  }
});

const count = (bytes: Buffer) => readFrom(bufferSource(bytes), countTilePixels(bytes.length));

const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: "#c33" } });
const own = pictureIn(await picture.avif({ effort: 0 }).toBuffer());
const properties = [...own.properties, sizeProperty(1000, 500), sizeProperty(100, 100)];
const tile: Item = { id: 1, type: "av01", data: own.data, properties: [1, 2, 3, 4] };
const grid = (id: number, part: number, tiles: number): Item => ({
  ...gridItem(id, part, tiles, 100, 100),
  properties: [5, 3],
});

test.each([
  ["one picture", avifOf({ items: [tile], primary: 1, properties })],
  ["two pictures", avifOfTwo],
  ["two pictures in one item", heicOfTwo],
])("%s has no tiles", async (_, bytes) => {
  expect(await count(bytes)).toBe(0);
});

test("the pixels of each tile count, however small the picture is that they make", async () => {
  expect(await count(avifOf({ items: [tile, grid(2, 1, 200)], primary: 2, properties }))).toBe(200 * 1000 * 500);
});

test("the tiles of a tile count as often as it is one", async () => {
  const items = [tile, grid(2, 1, 10), grid(3, 2, 20), grid(4, 1, 50)];
  expect(await count(avifOf({ items, primary: 3, properties }))).toBe(10 * 20 * 1000 * 500);
});

test("a picture that is made of itself has pixels without end", async () => {
  const items = [tile, grid(2, 3, 2), grid(3, 2, 2)];
  expect(await count(avifOf({ items, primary: 2, properties }))).toBe(Number.POSITIVE_INFINITY);
});

test("the wide form of references and properties is read as well", async () => {
  const items = [tile, grid(2, 1, 9)];
  expect(await count(avifOf({ items, primary: 2, properties, isWide: true }))).toBe(9 * 1000 * 500);
});

test("the tiles of a file that is cut off anywhere are counted to its end", async () => {
  const bytes = avifOf({ items: [tile, grid(2, 1, 4)], primary: 2, properties });
  for (let length = 0; length < bytes.length; length += 1) {
    expect(await count(bytes.subarray(0, length))).toBeLessThanOrEqual(4 * 1000 * 500);
  }
});
