import sharp from "sharp";
import { expect, test } from "vitest";
import { type ByteSource, bufferSource } from "../byte-source.ts";
import { readFrom } from "../reading.ts";
import { webpHeader } from "./webp.ts";

const read = (bytes: Buffer) => readFrom(bufferSource(bytes), webpHeader());
const picture = (channels: 3 | 4) => sharp({ create: { width: 60, height: 41, channels, background: "#c338" } });
const frames = (count: number) =>
  sharp(Buffer.from(Array.from({ length: count * 60 * 41 * 4 }, (_, index) => (index >> 13) * 60)), {
    raw: { width: 60, height: count * 41, channels: 4, pageHeight: 41 },
  });
const plain = { width: 60, height: 41, orientation: undefined, hasAlpha: false, animated: false };

test("lossy, lossless and extended files, with and without alpha", async () => {
  expect(await read(await picture(3).webp().toBuffer())).toEqual(plain);
  expect(await read(await picture(3).webp({ lossless: true }).toBuffer())).toEqual(plain);
  expect(await read(await picture(4).webp().toBuffer())).toEqual({ ...plain, hasAlpha: true });
  expect(await read(await picture(4).webp({ lossless: true }).toBuffer())).toEqual({ ...plain, hasAlpha: true });
  expect(await read(await picture(3).withIccProfile("p3").webp().toBuffer())).toEqual(plain);
});

test("the orientation is found behind the pixels, and behind the frames", async () => {
  expect(await read(await picture(3).withMetadata({ orientation: 7 }).webp().toBuffer())).toEqual({
    ...plain,
    orientation: 7,
  });
  const animated = await frames(3).withMetadata({ orientation: 7 }).webp().toBuffer();
  expect(await read(animated)).toEqual({ ...plain, orientation: 7, hasAlpha: true, animated: true });
});

test("an animation counts one frame's height, and a single frame is none", async () => {
  const bytes = await frames(2).webp().toBuffer();
  expect(await read(bytes)).toEqual({ ...plain, hasAlpha: true, animated: true });
  const second = bytes.lastIndexOf("ANMF");
  expect(await read(bytes.subarray(0, second))).toEqual({ ...plain, hasAlpha: true });
});

test("of an animation that has no EXIF, no frame behind the second is looked at", async () => {
  const bytes = await frames(5).webp().toBuffer();
  const third = bytes.indexOf("ANMF", bytes.indexOf("ANMF", bytes.indexOf("ANMF") + 4) + 4);
  const offsets: number[] = [];
  const source: ByteSource = {
    size: bytes.length,
    atHand: () => undefined,
    read: async (offset, length) => {
      offsets.push(offset);
      return bytes.subarray(offset, offset + length);
    },
  };
  expect((await readFrom(source, webpHeader()))?.animated).toBe(true);
  expect(Math.max(...offsets)).toBeLessThan(third);
});

test("anything else has no size", async () => {
  const bytes = await picture(3).webp().toBuffer();
  expect(await read(bytes.subarray(0, 25))).toBeUndefined();
  const unknown = Buffer.from(bytes);
  unknown.write("VP9 ", 12, "latin1");
  expect(await read(unknown)).toBeUndefined();
  const interFrame = Buffer.from(bytes);
  interFrame.writeUInt8(interFrame.readUInt8(20) | 1, 20);
  expect(await read(interFrame)).toBeUndefined();
});
