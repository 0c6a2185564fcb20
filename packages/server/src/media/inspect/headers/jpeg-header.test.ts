import sharp from "sharp";
import { expect, test } from "vitest";
import { bufferSource } from "../../byte-source.ts";
import { readJpegHeader } from "./jpeg-header.ts";

const picture = sharp({ create: { width: 60, height: 40, channels: 3, background: "#c33" } });
const read = (bytes: Buffer) => readJpegHeader(bufferSource(bytes));
const insert = (bytes: Buffer, offset: number, ...parts: Buffer[]): Buffer =>
  Buffer.concat([bytes.subarray(0, offset), ...parts, bytes.subarray(offset)]);
const segment = (marker: number, content: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
};
const plain = { width: 60, height: 40, orientation: undefined, hasAlpha: false, animated: false };

test.each([
  ["baseline", {}],
  ["progressive", { progressive: true }],
  ["4:4:4", { chromaSubsampling: "4:4:4" }],
])("%s", async (_, options) => {
  expect(await read(await picture.clone().jpeg(options).toBuffer())).toEqual(plain);
});

test("grey and CMYK pictures have no transparency", async () => {
  expect(await read(await picture.clone().toColourspace("b-w").jpeg().toBuffer())).toEqual(plain);
  expect(await read(await picture.clone().toColourspace("cmyk").jpeg().toBuffer())).toEqual(plain);
});

test("the frame is found behind more segments than a head holds, and behind fill bytes", async () => {
  const bytes = await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const filler = segment(0xe2, Buffer.alloc(60_000));
  expect(await read(insert(bytes, 2, filler, filler, Buffer.from([0xff, 0xff])))).toEqual({ ...plain, orientation: 6 });
});

test("the first EXIF block counts, and XMP in the same kind of segment does not", async () => {
  const bytes = await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const other = Buffer.from("Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0", "latin1");
  const xmp = segment(0xe1, Buffer.from("http://ns.adobe.com/xap/1.0/\0<x/>"));
  expect((await read(insert(bytes, 2, xmp)))?.orientation).toBe(6);
  expect((await read(insert(bytes, 2, segment(0xe1, other))))?.orientation).toBe(3);
});

test("a picture cut off in its pixels has a size, one cut off before its frame has none", async () => {
  const bytes = await picture.clone().jpeg().toBuffer();
  expect(await read(bytes.subarray(0, bytes.length - 20))).toEqual(plain);
  expect(await read(bytes.subarray(0, 100))).toBeUndefined();
  expect(await read(bytes.subarray(0, 3))).toBeUndefined();
});

test("a frame without a side has no size", async () => {
  const bytes = await picture.clone().jpeg().toBuffer();
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(0, frame + 5);
  expect(await read(bytes)).toBeUndefined();
});

test("segments of no length come to an end", async () => {
  expect(
    await read(Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(100_000, Buffer.from([0xff, 0xe0, 0, 0]))])),
  ).toBeUndefined();
});

test("tables that are numbered among the frames are none", async () => {
  const bytes = await picture.clone().jpeg().toBuffer();
  const tables = [0xc4, 0xc8, 0xcc].map((marker) => segment(marker, Buffer.alloc(20, 1)));
  expect(await read(insert(bytes, 2, ...tables))).toEqual(plain);
});
