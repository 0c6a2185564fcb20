import sharp from "sharp";
import { expect, test } from "vitest";
import { bufferSource } from "../../byte-source.ts";
import { readFrom } from "../../reading.ts";
import { avifOf, gridItem, type Item, pictureIn, sizeProperty } from "../../testing/heif-files.ts";
import { avifOfTwo, heicOfTwo } from "../../testing/heif-pictures.ts";
import { countTilePixels } from "./heif-tiles.ts";

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

test("a file that is cut off anywhere is read to its end", async () => {
  const bytes = avifOf({ items: [tile, grid(2, 1, 4)], primary: 2, properties });
  for (let length = 0; length < bytes.length; length += 1) {
    expect(await count(bytes.subarray(0, length))).toBeLessThanOrEqual(4 * 1000 * 500);
  }
});
