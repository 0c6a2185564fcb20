import { expect, test } from "vitest";
import { type ByteSource, bufferSource } from "../byte-source.ts";
import { readTags } from "./read-tags.ts";
import { exifGroups } from "./tag-names.ts";

type Entry = readonly [tag: number, type: number, count: number, value: number | Buffer];

/** A TIFF whose directories stand one behind the other, with values of any length behind them. */
function tiff(order: "II" | "MM", directories: readonly (readonly Entry[])[]): Buffer {
  const little = order === "II";
  const short = (value: number) => bytes(2, (b) => (little ? b.writeUInt16LE(value) : b.writeUInt16BE(value)));
  const long = (value: number) => bytes(4, (b) => (little ? b.writeUInt32LE(value) : b.writeUInt32BE(value)));
  const sizes = directories.map((entries) => 2 + 12 * entries.length + 4);
  let end = 8 + sizes.reduce((sum, size) => sum + size, 0);
  const long8: Buffer[] = [];
  const blocks = directories.map((entries, index) => {
    const written = entries.map(([tag, type, count, value]) => {
      const head = [short(tag), short(type), long(count)];
      if (typeof value === "number")
        return Buffer.concat([...head, type === 3 ? Buffer.concat([short(value), short(0)]) : long(value)]);
      if (value.length <= 4) return Buffer.concat([...head, value, Buffer.alloc(4 - value.length)]);
      long8.push(value);
      end += value.length;
      return Buffer.concat([...head, long(end - value.length)]);
    });
    const following =
      index + 1 < directories.length ? 8 + sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0) : 0;
    return Buffer.concat([short(entries.length), ...written, long(following)]);
  });
  return Buffer.concat([Buffer.from(order), short(42), long(8), ...blocks, ...long8]);
}

function bytes(size: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(size);
  write(buffer);
  return buffer;
}

test.each(["II", "MM"] as const)("%s: values of every type, by their names", async (order) => {
  const little = order === "II";
  const longs = (...values: number[]) =>
    Buffer.concat(values.map((value) => bytes(4, (b) => (little ? b.writeInt32LE(value) : b.writeInt32BE(value)))));
  const file = tiff(order, [
    [
      [0x010f, 2, 6, Buffer.from("Canon\0")],
      [0x0112, 3, 1, 6],
      [0x011a, 5, 1, longs(144, 2)],
      [0x011b, 5, 1, longs(1, 0)],
      [0x9c9b, 1, 8, Buffer.from("Käse", "utf16le")],
      [0xc62a, 10, 1, longs(-1, 4)],
      [0xffff, 2, 4, Buffer.from("abc\0")],
      [0x0102, 9, 2, longs(8, -8)],
    ],
    [[0x0103, 3, 1, 6]],
  ]);
  expect(exifGroups(await readTags(bufferSource(file)))).toEqual({
    image: {
      Make: "Canon",
      Orientation: 6,
      XResolution: 72,
      XPTitle: "Käse",
      BaselineExposure: -0.25,
      BitsPerSample: [8, -8],
    },
    thumbnail: { Compression: 6 },
    exif: {},
    gps: {},
    interoperability: {},
    makernote: {},
  });
});

test("what is cut off is left out, and the rest is there", async () => {
  const file = tiff("II", [
    [
      [0x010f, 2, 6, Buffer.from("Canon\0")],
      [0x0131, 2, 9, Buffer.from("a program")],
    ],
  ]);
  expect(exifGroups(await readTags(bufferSource(file.subarray(0, -1)))).image).toEqual({ Make: "Canon" });
});

test.each([
  [0x010e, 2, "甲".repeat(9000), "甲".repeat(4096)],
  [0x010e, 2, `a${"甲".repeat(9000)}`, `a${"甲".repeat(4095)}`],
  [0x010e, 2, Buffer.alloc(20_000, "ä", "latin1"), "ä".repeat(12_288)],
  [0x9c9c, 1, Buffer.from("甲".repeat(9000), "utf16le"), "甲".repeat(6144)],
])("a long text is cut (tag %i, type %i)", async (tag, type, text, expected) => {
  const written = Buffer.from(text as string);
  const file = tiff("II", [[[tag, type, written.length, written]]]);
  expect(Object.values(exifGroups(await readTags(bufferSource(file))).image)).toEqual([expected]);
});

test.each([1, 6, 7])("a comment is text, also where it is said to be of the type %i", async (type) => {
  const comment = Buffer.from(
    "ASCII\0\0\0A red shoe, and more of it than a list of numbers may have in here: sixty-four",
  );
  const file = tiff("II", [[[0x9286, type, comment.length, comment]]]);
  const tags = await readTags(bufferSource(file));
  expect(tags?.image.get(0x9286)).toBe(comment.toString("latin1"));
});

test("bytes that are no text are left out where they are long", async () => {
  const file = tiff("II", [[[0x935c, 7, 20_000, Buffer.alloc(20_000, "x")]]]);
  expect((await readTags(bufferSource(file)))?.image.size).toBe(0);
});

test("what is no TIFF has none", async () => {
  for (const text of ["", "II", "II*\0", "XX*\0\x08\0\0\0", "II+\0\x08\0\0\0", "II*\0\xff\xff\xff\xff"]) {
    const groups = await readTags(bufferSource(Buffer.from(text, "latin1")));
    expect(groups === undefined || groups.image.size === 0, text).toBe(true);
  }
});

test("a pointer that is no whole number leads nowhere", async () => {
  const ratio = bytes(8, (b) => {
    b.writeUInt32LE(400_001, 0);
    b.writeUInt32LE(2, 4);
  });
  const file = tiff("II", [[[0x8769, 5, 1, ratio]]]);
  const offsets: number[] = [];
  const source: ByteSource = {
    size: 1_000_000,
    atHand: () => undefined,
    read: async (offset, length) => {
      offsets.push(offset);
      return file.subarray(offset, offset + length);
    },
  };
  expect((await readTags(source))?.exif.size).toBe(0);
  expect(offsets.every(Number.isSafeInteger)).toBe(true);
});
