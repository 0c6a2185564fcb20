import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { StoredByteSource } from "./stored-byte-source.ts";

const bytes = randomBytes(200_000);
const { signal } = new AbortController();

function storedFile() {
  const ranges: [number, number][] = [];
  return {
    ranges,
    size: bytes.length,
    open: async () => Readable.from([bytes]),
    openRange: async ({ start, end }: { start: number; end: number }) => {
      ranges.push([start, end]);
      return Readable.from([bytes.subarray(start, end + 1)]);
    },
  };
}

test("only what is asked for is fetched, a window at a time", async () => {
  const file = storedFile();
  const source = await StoredByteSource.open(file, 0, signal);
  expect(source.atHand(0, 1)).toBeUndefined();
  expect(await source.head(10)).toEqual(bytes.subarray(0, 65_536));
  expect(source.atHand(65_530, 6)).toEqual(bytes.subarray(65_530, 65_536));
  expect(source.atHand(65_530, 7)).toBeUndefined();
  expect(await source.read(100, 50)).toEqual(bytes.subarray(100, 150));
  expect(await source.read(150_000, 4)).toEqual(bytes.subarray(150_000, 150_004));
  expect(await source.read(199_990, 100)).toEqual(bytes.subarray(199_990));
  expect(source.atHand(199_990, 100)).toEqual(bytes.subarray(199_990));
  expect(source.atHand(200_000, 1)).toHaveLength(0);
  expect(await source.read(200_000, 1)).toHaveLength(0);
  expect(file.ranges).toEqual([
    [0, 65_535],
    [150_000, 199_999],
  ]);
});

test("a file that leads to and fro seems to end", async () => {
  const file = storedFile();
  const source = await StoredByteSource.open(file, 0, signal);
  for (let round = 0; round < 100; round += 1) await source.read(round % 2 === 0 ? 0 : 150_000, 4);
  expect(file.ranges.length).toBeLessThanOrEqual(32);
});

test("where a library wants it whole it is there, within its limit", async () => {
  const file = storedFile();
  expect((await StoredByteSource.open(file, bytes.length, signal)).whole).toEqual(bytes);
  expect(file.ranges).toEqual([]);
  await expect(StoredByteSource.open(file, bytes.length - 1, signal)).rejects.toMatchObject({ code: "ELIMIT" });
});
