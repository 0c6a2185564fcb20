import sharp from "sharp";
import { expect, test } from "vitest";
import { bufferSource } from "../byte-source.ts";
import { readFrom } from "../reading.ts";
import { pngHeader } from "./png.ts";

const read = (bytes: Buffer) => readFrom(bufferSource(bytes), pngHeader());
const picture = (channels: 3 | 4) => sharp({ create: { width: 60, height: 40, channels, background: "#c338" } });
const plain = { width: 60, height: 40, orientation: undefined, hasAlpha: false, animated: false };
const afterHeader = 33;

function withChunk(bytes: Buffer, type: string, content: Buffer, offset = afterHeader): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const chunk = Buffer.concat([length, Buffer.from(type), content, Buffer.alloc(4)]);
  return Buffer.concat([bytes.subarray(0, offset), chunk, bytes.subarray(offset)]);
}

test("an alpha channel and a transparent colour are alpha", async () => {
  const opaque = await picture(3).png().toBuffer();
  expect(await read(opaque)).toEqual(plain);
  expect(await read(await picture(4).png().toBuffer())).toEqual({ ...plain, hasAlpha: true });
  expect(await read(await picture(4).png({ palette: true }).toBuffer())).toEqual({ ...plain, hasAlpha: true });
  expect(await read(withChunk(opaque, "tRNS", Buffer.alloc(6)))).toEqual({ ...plain, hasAlpha: true });
  expect(await read(await picture(4).toColourspace("b-w").png().toBuffer())).toEqual({ ...plain, hasAlpha: true });
});

test("more than one frame is an animation", async () => {
  const still = await picture(3).png().toBuffer();
  const frames = (count: number) => Buffer.from([0, 0, 0, count, 0, 0, 0, 0]);
  expect((await read(withChunk(still, "acTL", frames(1))))?.animated).toBe(false);
  expect((await read(withChunk(still, "acTL", frames(2))))?.animated).toBe(true);
});

test("a chunk larger than a head is skipped", async () => {
  const bytes = await picture(3).withMetadata({ orientation: 8 }).png().toBuffer();
  expect(await read(withChunk(bytes, "teSt", Buffer.alloc(100_000)))).toEqual({ ...plain, orientation: 8 });
});

test("a picture cut off behind its first chunk has a size, any sooner none", async () => {
  const bytes = await picture(3).png().toBuffer();
  expect(await read(bytes.subarray(0, afterHeader))).toEqual(plain);
  expect(await read(bytes.subarray(0, 28))).toBeUndefined();
  expect(await read(bytes.subarray(0, 8))).toBeUndefined();
});

test("a picture without a side, or whose first chunk is another, has no size", async () => {
  const bytes = await picture(3).png().toBuffer();
  const flat = Buffer.from(bytes);
  flat.writeUInt32BE(0, 20);
  expect(await read(flat)).toBeUndefined();
  expect(await read(Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(16), bytes.subarray(8)]))).toBeUndefined();
});

test("what stands behind the pixels isn't looked at", async () => {
  const bytes = await picture(3).png().toBuffer();
  const end = bytes.lastIndexOf("IEND") - 4;
  expect(await read(withChunk(bytes, "tRNS", Buffer.alloc(6), end))).toEqual(plain);
});
