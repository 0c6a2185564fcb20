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
  const source = new StoredByteSource(file, signal);
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

test("its beginning stays at hand wherever else it is read", async () => {
  const file = storedFile();
  const source = new StoredByteSource(file, signal);
  for (const offset of [2, 150_000, 100, 60_000]) {
    expect(await source.read(offset, 4)).toEqual(bytes.subarray(offset, offset + 4));
  }
  expect(file.ranges.map(([start]) => start)).toEqual([0, 150_000]);
});

/** A large file of zeros, which notes the length of each range that is asked for. */
function largeFile() {
  const lengths: number[] = [];
  return {
    lengths,
    size: 2 ** 24,
    open: async () => Readable.from([]),
    openRange: async ({ start, end }: { start: number; end: number }) => {
      lengths.push(end + 1 - start);
      return Readable.from([Buffer.alloc(end + 1 - start)]);
    },
  };
}

test("who walks far into a file gets more of it each time", async () => {
  const file = largeFile();
  const source = new StoredByteSource(file, signal);
  for (let offset = 0; offset < file.size; offset += 65_536) await source.read(offset, 20);
  expect(file.lengths.slice(0, 6).map((length) => length / 65_536)).toEqual([1, 2, 4, 8, 16, 16]);
});

test("a file that leads to and fro is given up, and doesn't seem to end", async () => {
  const file = largeFile();
  const source = new StoredByteSource(file, signal);
  const toAndFro = async () => {
    for (let round = 0; round < 100; round += 1) await source.read(2 ** (22 + (round % 2)), 4);
  };
  await expect(toAndFro()).rejects.toMatchObject({ code: "ELIMIT" });
  expect(file.lengths).toHaveLength(64);
});
