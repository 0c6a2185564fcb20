import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { bufferSource } from "../../byte-source.ts";
import { readFrom } from "../../reading.ts";
import { scannedJpeg } from "../bounds/testing/costly-pictures.ts";
import { hasFewSegments } from "./jpeg-segments.ts";

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
