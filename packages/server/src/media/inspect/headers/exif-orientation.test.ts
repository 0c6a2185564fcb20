import { expect, test } from "vitest";
import { bufferSource } from "../../byte-source.ts";
import { readFrom } from "../../reading.ts";
import { exifOrientation } from "./exif-orientation.ts";

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
