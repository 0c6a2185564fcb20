import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { bufferSource } from "../byte-source.ts";
import { circularExif, type Directory, exifOf, orientation, pointers } from "../inspect/bounds/testing/exif-blocks.ts";
import { readFrom } from "../reading.ts";
import { countExifEntries, exifOrientation, maxExifEntries } from "./exif.ts";

const count = (exif: Buffer) => readFrom(bufferSource(exif), countExifEntries());

const entries = (length: number): Directory["entries"] =>
  Array.from({ length }, (_, index) => [0x0200 + index, index] as const);

test.each(["II", "MM"] as const)("the entries of all directories count, in the order %s", async (order) => {
  const directories: readonly Directory[] = [
    {
      entries: [
        [orientation, 6],
        [pointers.exif, 1],
        [pointers.gps, 2],
      ],
      next: 4,
    },
    { entries: [...entries(40), [pointers.interoperability, 3]] },
    { entries: entries(10) },
    { entries: entries(2) },
    { entries: entries(8), next: 0 },
  ];
  const exif = exifOf(directories, order);
  expect(await count(exif)).toBe(3 + 41 + 10 + 2 + 8);
  expect(await count(Buffer.concat([Buffer.from("Exif\0\0"), exif]))).toBe(64);
});

test("a camera's EXIF has far fewer entries than it may have", async () => {
  const { exif } = await sharp(
    await sharp({ create: { width: 8, height: 8, channels: 3, background: "#c33" } })
      .withExif({ IFD0: { Make: "A", Model: "B" }, IFD2: { FNumber: "2/1" }, IFD3: { GPSLatitudeRef: "N" } })
      .jpeg()
      .toBuffer(),
  ).metadata();
  expect(await count(exif ?? Buffer.alloc(0))).toBeLessThan(40);
});

describe("too much are directories", () => {
  test.each<[string, readonly Directory[]]>([
    ["that lead to themselves", [{ entries: [[pointers.exif, 0]] }]],
    ["that lead to each other", [{ entries: [[pointers.exif, 1]] }, { entries: [[pointers.gps, 0]] }]],
    [
      "that lead to one another twice",
      [
        {
          entries: [
            [pointers.exif, 1],
            [pointers.gps, 1],
          ],
        },
        { entries: [] },
      ],
    ],
    ["of a thumbnail that is the picture", [{ entries: entries(1), next: 0 }]],
    ["of a thumbnail that lead back", [{ entries: [], next: 1 }, { entries: [[pointers.gps, 0]] }]],
    ["of more entries than may be", [{ entries: entries(maxExifEntries + 1) }]],
    [
      "of more entries than may be, together",
      [{ entries: [[pointers.exif, 1]] }, { entries: entries(maxExifEntries) }],
    ],
  ])("%s", async (_, directories) => {
    expect(await count(exifOf(directories))).toBe(Number.POSITIVE_INFINITY);
  });

  test("that lead to themselves hundreds of times, after a few reads", async () => {
    const source = bufferSource(circularExif);
    let reads = 0;
    const atHand = (offset: number, length: number) => {
      reads += 1;
      return source.atHand(offset, length);
    };
    expect(await readFrom({ ...source, atHand }, countExifEntries())).toBe(Number.POSITIVE_INFINITY);
    expect(reads).toBeLessThan(10);
  });
});

test("as many entries as there may be are counted", async () => {
  expect(await count(exifOf([{ entries: entries(maxExifEntries) }]))).toBe(maxExifEntries);
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["no TIFF", Buffer.alloc(100, 7)],
  ["a BigTIFF, which isn't EXIF", Buffer.from("II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0", "latin1")],
  ["a directory behind the end", Buffer.from("II*\0\xff\xff\0\0", "latin1")],
])("%s has no entries", async (_, exif) => {
  expect(await count(exif)).toBe(0);
});

test("what is counted is all that a reader meets who follows every pointer", async () => {
  const tag = fc.constantFrom<number>(...Object.values(pointers), orientation, 0x010f);
  const directory = fc.record(
    { entries: fc.array(fc.tuple(tag, fc.nat({ max: 5 })), { maxLength: 6 }), next: fc.nat({ max: 5 }) },
    { requiredKeys: ["entries"] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(directory, { minLength: 6, maxLength: 6 }), async (directories) => {
      const counted = await count(exifOf(directories));
      if (Number.isFinite(counted)) expect(followed(directories)).toBe(counted);
    }),
  );
});

/** Counts the entries as the image library meets them: it goes to a directory each time that something leads there. */
function followed(directories: readonly Directory[]): number {
  const tags: readonly number[] = Object.values(pointers);
  const visit = (place: number, depth: number): number => {
    if (depth > directories.length) throw new Error("The directories lead in a circle");
    const { entries: met = [] } = directories[place] ?? {};
    return met.reduce((sum, [tag, value]) => sum + 1 + (tags.includes(tag) ? visit(value, depth + 1) : 0), 0);
  };
  const thumbnail = directories[0]?.next;
  return visit(0, 0) + (thumbnail === undefined ? 0 : visit(thumbnail, 0));
}

const orientationOf = (bytes: Buffer) => readFrom(bufferSource(bytes), exifOrientation());

const block = (orientation: number): Buffer =>
  Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);

test("the orientation is read with and without the prefix", async () => {
  expect(await orientationOf(block(6))).toBe(6);
  expect(await orientationOf(Buffer.concat([Buffer.from("Exif\0\0"), block(6)]))).toBe(6);
});

test.each([0, 9, 255])("%i is no orientation", async (value) => {
  expect(await orientationOf(block(value))).toBeUndefined();
});

test("a block that is cut off has none", async () => {
  expect(await orientationOf(block(6).subarray(0, 20))).toBeUndefined();
  expect(await orientationOf(Buffer.alloc(0))).toBeUndefined();
});
