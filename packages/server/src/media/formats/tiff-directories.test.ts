import fc from "fast-check";
import { expect, test } from "vitest";
import { bufferSource } from "../byte-source.ts";
import { readFrom } from "../reading.ts";
import { orientationTag, tiffNumbers } from "./tiff-directories.ts";

const directoryOf = (bytes: Buffer) => readFrom(bufferSource(bytes), tiffNumbers());

const byteOrders = ["II", "MM"] as const;

/** A TIFF whose directory holds one orientation, as a number of the given type. */
function tiff(order: (typeof byteOrders)[number], big: boolean, numberType: number, value: number): Buffer {
  const bytes = Buffer.alloc(64);
  const put = (offset: number, size: number, number: number): void => {
    const digits = Buffer.alloc(8);
    digits.writeBigUInt64LE(BigInt(number));
    const part = digits.subarray(0, size);
    bytes.set(order === "II" ? part : part.reverse(), offset);
  };
  const size = { 1: 1, 3: 2, 4: 4, 16: 8 }[numberType] ?? 4;
  bytes.write(order, "latin1");
  put(2, 2, big ? 43 : 42);
  put(big ? 8 : 4, big ? 8 : 4, 20);
  if (big) {
    put(4, 2, 8);
    put(20, 8, 1);
  } else {
    put(20, 2, 1);
  }
  const entry = big ? 28 : 22;
  put(entry, 2, orientationTag);
  put(entry + 2, 2, numberType);
  put(entry + 4, big ? 8 : 4, 1);
  put(entry + (big ? 12 : 8), size, value);
  return bytes;
}

test.each(byteOrders)("both byte orders, both sizes and every whole number are read: %s", async (order) => {
  for (const numberType of [1, 3, 4]) {
    expect((await directoryOf(tiff(order, false, numberType, 6)))?.get(orientationTag)).toBe(6);
    expect((await directoryOf(tiff(order, true, numberType, 6)))?.get(orientationTag)).toBe(6);
  }
  expect((await directoryOf(tiff(order, true, 16, 6)))?.get(orientationTag)).toBe(6);
});

test("the first of several entries of one tag counts", async () => {
  const entry = (value: number): Buffer => Buffer.from([0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0]);
  const bytes = Buffer.concat([Buffer.from("II*\0\x08\0\0\0\x02\0", "latin1"), entry(6), entry(3)]);
  expect((await directoryOf(bytes))?.get(orientationTag)).toBe(6);
});

test("values that aren't whole numbers, or lie elsewhere, are left out", async () => {
  expect((await directoryOf(tiff("II", false, 2, 6)))?.size).toBe(0);
  expect((await directoryOf(tiff("II", false, 16, 6)))?.size).toBe(0);
});

test.each(["", "II", "II*\0", "XX*\0\x08\0\0\0", "II*\0\xff\xff\xff\xff", "II+\0\x08\0\0\0"])(
  "%j has no directory",
  async (text) => {
    expect(await directoryOf(Buffer.from(text, "latin1"))).toBeUndefined();
  },
);

test("whatever the bytes, there is an answer", async () => {
  const start = fc.constantFrom("II*\0", "MM\0*", "II+\0\x08\0\0\0", "MM\0+\0\x08\0\0");
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 80 }), async (magic, rest) => {
      await directoryOf(Buffer.concat([Buffer.from(magic, "latin1"), rest]));
    }),
  );
});
