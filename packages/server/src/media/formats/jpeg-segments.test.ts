import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { bufferSource } from "../byte-source.ts";
import { segment } from "../image/strip/testing/secrets.ts";
import { scannedJpeg } from "../inspect/bounds/testing/costly-pictures.ts";
import { readFrom } from "../reading.ts";
import { hasFewSegments, jpegHeader } from "./jpeg-segments.ts";

const picture = sharp({ create: { width: 60, height: 40, channels: 3, background: "#c33" } });
const baseline = await picture.clone().jpeg().toBuffer();
const progressive = await picture.clone().jpeg({ progressive: true }).toBuffer();
const empty = Buffer.from([0xff, 0xe1, 0, 2]);
const flood = Buffer.alloc(3000 * empty.length, empty);

const hasFew = (bytes: Buffer, isDecoded = true) => readFrom(bufferSource(bytes), hasFewSegments(isDecoded));
const insert = (bytes: Buffer, offset: number, ...parts: Buffer[]): Buffer =>
  Buffer.concat([bytes.subarray(0, offset), ...parts, bytes.subarray(offset)]);
const markerOf = (bytes: Buffer, marker: number): number => bytes.lastIndexOf(Buffer.from([0xff, marker]));

test.each([
  ["baseline", async () => baseline],
  ["progressive", async () => progressive],
  ["grey", () => picture.clone().toColourspace("b-w").jpeg({ progressive: true }).toBuffer()],
  ["of four inks", () => picture.clone().toColourspace("cmyk").jpeg().toBuffer()],
  ["large and detailed", () => noise({ progressive: true })],
  ["full of metadata", () => picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
  ["cut off", async () => progressive.subarray(0, -30)],
  ["with rubbish between its segments", async () => insert(baseline, 2, Buffer.alloc(70_000, 7))],
  ["with many bytes behind its end", async () => Buffer.concat([progressive, flood])],
  [
    "with many segments behind its only scan, which nothing reads",
    async () => insert(baseline, baseline.length - 2, flood),
  ],
])("a picture that is %s is read", async (_, make) => {
  expect(await hasFew(await make())).toBe(true);
});

test.each([
  ["before the frame", insert(baseline, 2, flood)],
  ["behind rubbish", insert(baseline, 2, empty, Buffer.from([1, 2, 0xff, 0, 0xff]), flood)],
  ["between the frame and the pixels", insert(baseline, markerOf(baseline, 0xda), flood)],
  ["with rubbish between each two", insert(baseline, 2, Buffer.alloc(5 * 3000, Buffer.concat([empty, Buffer.of(9)])))],
])("a picture with thousands of segments %s is not", async (_, bytes) => {
  expect(await hasFew(bytes, true)).toBe(false);
  expect(await hasFew(bytes, false)).toBe(false);
});

test("segments between the scans count where the pixels are read", async () => {
  const bytes = insert(progressive, markerOf(progressive, 0xda), flood);
  expect(await hasFew(bytes, true)).toBe(false);
  expect(await hasFew(bytes, false)).toBe(true);
});

describe("scans", () => {
  test.each([
    ["ten of 64 megapixels, as encoders write them", 8000, 8000, 9],
    ["ten of a hundred megapixels", 10_000, 10_000, 9],
    ["a hundred of a small picture", 1000, 1000, 99],
  ])("%s are few", async (_, width, height, more) => {
    expect(await hasFew(scannedJpeg(width, height, more))).toBe(true);
  });

  test.each([
    ["more than a hundred", 100, 100, 100],
    ["a hundred of a large picture", 5000, 4000, 99],
  ])("%s are too many where the pixels are read", async (_, width, height, more) => {
    const bytes = scannedJpeg(width, height, more);
    expect(await hasFew(bytes)).toBe(false);
    expect(await hasFew(bytes, false)).toBe(true);
  });

  test("of a picture that isn't progressive count if each has one of its colours", async () => {
    const frame = Buffer.from([0xff, 0xc0, 0, 17, 8, 0, 9, 0, 9, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0]);
    const bytes = (scans: number) =>
      Buffer.concat([
        Buffer.from([0xff, 0xd8]),
        frame,
        Buffer.alloc(scans * scan.length, scan),
        Buffer.from([0xff, 0xd9]),
      ]);
    expect(await hasFew(bytes(3))).toBe(true);
    expect(await hasFew(bytes(101))).toBe(false);
  });
});

test("rubbish alone comes to an end", async () => {
  expect(await hasFew(Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(40 * 1024 * 1024)]))).toBe(false);
});

test("whatever is changed in a picture, there is an answer", async () => {
  const change = fc.record({
    at: fc.nat({ max: progressive.length - 1 }),
    byte: fc.constantFrom(0, 0xff, 0xda, 0xc2, 2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (changes) => {
      const bytes = Buffer.from(progressive);
      for (const { at, byte } of changes) bytes[at] = byte;
      expect(typeof (await hasFew(bytes))).toBe("boolean");
    }),
  );
});

function noise(options: { readonly progressive: boolean }): Promise<Buffer> {
  const background = { type: "gaussian", mean: 128, sigma: 60 } as const;
  return sharp({ create: { width: 1500, height: 1000, channels: 3, background: "#000", noise: background } })
    .jpeg({ quality: 100, ...options })
    .toBuffer();
}

const readHeader = (bytes: Buffer) => readFrom(bufferSource(bytes), jpegHeader());
const plain = { width: 60, height: 40, orientation: undefined, hasAlpha: false, animated: false };

describe("the header", () => {
  test.each([
    ["baseline", {}],
    ["progressive", { progressive: true }],
    ["4:4:4", { chromaSubsampling: "4:4:4" }],
  ])("%s", async (_, options) => {
    expect(await readHeader(await picture.clone().jpeg(options).toBuffer())).toEqual(plain);
  });

  test("grey and CMYK pictures have no transparency", async () => {
    expect(await readHeader(await picture.clone().toColourspace("b-w").jpeg().toBuffer())).toEqual(plain);
    expect(await readHeader(await picture.clone().toColourspace("cmyk").jpeg().toBuffer())).toEqual(plain);
  });

  test("the frame is found behind more segments than a head holds, and behind fill bytes", async () => {
    const bytes = await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const filler = segment(0xe2, Buffer.alloc(60_000));
    expect(await readHeader(insert(bytes, 2, filler, filler, Buffer.from([0xff, 0xff])))).toEqual({
      ...plain,
      orientation: 6,
    });
  });

  test("the first EXIF block counts, and XMP in the same kind of segment does not", async () => {
    const bytes = await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const other = Buffer.from("Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0", "latin1");
    const xmp = segment(0xe1, Buffer.from("http://ns.adobe.com/xap/1.0/\0<x/>"));
    expect((await readHeader(insert(bytes, 2, xmp)))?.orientation).toBe(6);
    expect((await readHeader(insert(bytes, 2, segment(0xe1, other))))?.orientation).toBe(3);
  });

  test("a picture cut off in its pixels has a size, one cut off before its frame has none", async () => {
    const bytes = await picture.clone().jpeg().toBuffer();
    expect(await readHeader(bytes.subarray(0, bytes.length - 20))).toEqual(plain);
    expect(await readHeader(bytes.subarray(0, 100))).toBeUndefined();
    expect(await readHeader(bytes.subarray(0, 3))).toBeUndefined();
  });

  test("a frame without a side has no size", async () => {
    const bytes = await picture.clone().jpeg().toBuffer();
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    bytes.writeUInt16BE(0, frame + 5);
    expect(await readHeader(bytes)).toBeUndefined();
  });

  test("segments of no length come to an end", async () => {
    expect(
      await readHeader(
        Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(100_000, Buffer.from([0xff, 0xe0, 0, 0]))]),
      ),
    ).toBeUndefined();
  });

  test("tables that are numbered among the frames are none", async () => {
    const bytes = await picture.clone().jpeg().toBuffer();
    const tables = [0xc4, 0xc8, 0xcc].map((marker) => segment(marker, Buffer.alloc(20, 1)));
    expect(await readHeader(insert(bytes, 2, ...tables))).toEqual(plain);
  });
});
