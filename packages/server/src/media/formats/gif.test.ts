import sharp from "sharp";
import { expect, test } from "vitest";
import { bufferSource } from "../byte-source.ts";
import { readFrom } from "../reading.ts";
import { gifHeader } from "./gif.ts";

const read = (bytes: Buffer) => readFrom(bufferSource(bytes), gifHeader());
const picture = (background: string) => sharp({ create: { width: 60, height: 41, channels: 4, background } });
const frames = (count: number) =>
  sharp(Buffer.from(Array.from({ length: count * 60 * 41 * 4 }, (_, index) => (index >> 13) * 60)), {
    raw: { width: 60, height: count * 41, channels: 4, pageHeight: 41 },
  });
const plain = { width: 60, height: 41, orientation: undefined, hasAlpha: false, animated: false };

const screen = Buffer.from("GIF89a\x3c\0\x29\0\x80\0\0\0\0\0\xff\xff\xff", "latin1");
const descriptor = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2]);
const data = (length: number, block: number): Buffer => {
  const one = Buffer.alloc(1 + block, 0x44);
  one[0] = block;
  return Buffer.concat([Buffer.alloc(length, one), Buffer.from([0])]);
};

test("stills and animations of one frame's height, with and without alpha", async () => {
  // The encoder declares a transparent colour for every picture.
  const opaque = await picture("#c33").gif().toBuffer();
  const control = opaque.indexOf(Buffer.from([0x21, 0xf9]));
  opaque.writeUInt8(opaque.readUInt8(control + 3) & 0xfe, control + 3);
  expect(await read(opaque)).toEqual(plain);
  expect(await read(await picture("#c330").gif().toBuffer())).toEqual({ ...plain, hasAlpha: true });
  expect(await read(await frames(3).gif().toBuffer())).toEqual({ ...plain, hasAlpha: true, animated: true });
});

test.each([
  ["of one byte", 1],
  ["of 255 bytes", 255],
])("a second frame is found behind a million bytes of sub-blocks %s, quickly", async (_, block) => {
  const long = data(1_024_000, block);
  const started = performance.now();
  expect(await read(Buffer.concat([screen, descriptor, long, descriptor]))).toEqual({ ...plain, animated: true });
  expect(await read(Buffer.concat([screen, descriptor, long, Buffer.from([0x3b])]))).toEqual(plain);
  expect(performance.now() - started).toBeLessThan(2000);
});

test("colour tables of frames are skipped", async () => {
  const local = Buffer.from(descriptor);
  local[9] = 0x81;
  const frame = Buffer.concat([local.subarray(0, 10), Buffer.alloc(12, 0x2c), Buffer.from([2]), data(2, 1)]);
  expect(await read(Buffer.concat([screen, frame, Buffer.from([0x3b])]))).toEqual(plain);
  expect(await read(Buffer.concat([screen, frame, frame]))).toEqual({ ...plain, animated: true });
});

test("extensions without end come to an end", async () => {
  const comments = Buffer.alloc(300_000, Buffer.from([0x21, 0xfe, 0]));
  expect(await read(Buffer.concat([screen, comments]))).toEqual(plain);
});

test("a file cut off behind its screen has a size, any sooner none", async () => {
  expect(await read(screen.subarray(0, 13))).toEqual(plain);
  expect(await read(screen.subarray(0, 12))).toBeUndefined();
});
