import { expect, test } from "vitest";
import { type ByteSource, bufferSource } from "./byte-source.ts";
import { type Reading, readFrom, readWithin } from "./reading.ts";

/** A source of digits. The digits before `atHand` are in memory. */
function digits(atHand: number) {
  const { size, read } = bufferSource(Buffer.from("0123456789"));
  const reads: (readonly [offset: number, length: number])[] = [];
  const source: ByteSource = {
    size,
    atHand: (offset, length) =>
      offset + length <= atHand ? Buffer.from("0123456789".slice(offset, offset + length)) : undefined,
    read(offset, length) {
      reads.push([offset, length]);
      return read(offset, length);
    },
  };
  return { source, reads };
}

function* texts(...ranges: readonly (readonly [offset: number, length: number])[]): Reading<string[]> {
  const found: string[] = [];
  for (const [offset, length] of ranges) {
    found.push((yield { offset, length }).toString());
  }
  return found;
}

test("what is at hand isn't read, and all of it is there before anything else happens", async () => {
  const { source, reads } = digits(10);
  let done = false;
  const result = readFrom(
    source,
    (function* () {
      const found = yield* texts([0, 2], [8, 2]);
      done = true;
      return found;
    })(),
  );
  expect(done).toBe(true);
  expect(await result).toEqual(["01", "89"]);
  expect(reads).toEqual([]);
});

test("what isn't at hand is read, each range once", async () => {
  const { source, reads } = digits(4);
  expect(await readFrom(source, texts([0, 4], [3, 2], [1, 2], [6, 3]))).toEqual(["0123", "34", "12", "678"]);
  expect(reads).toEqual([
    [3, 2],
    [6, 3],
  ]);
});

test("where the source ends, there are fewer bytes or none", async () => {
  expect(await readFrom(digits(4).source, texts([8, 5], [10, 1]))).toEqual(["89", ""]);
  expect(await readFrom(bufferSource(Buffer.from("0123")), texts([2, 5], [4, 1]))).toEqual(["23", ""]);
});

test("a part has nothing outside of it, nor has a part of a part", async () => {
  const { source } = digits(0);
  expect(await readFrom(source, readWithin({ offset: 2, length: 5 }, texts([0, 2], [3, 9], [7, 1])))).toEqual([
    "23",
    "56",
    "",
  ]);
  const inner = readWithin({ offset: 1, length: Number.POSITIVE_INFINITY }, texts([0, 9], [4, 1]));
  expect(await readFrom(source, readWithin({ offset: 2, length: 5 }, inner))).toEqual(["3456", ""]);
  expect(await readFrom(source, readWithin({ offset: 8, length: 5 }, texts([0, 9])))).toEqual(["89"]);
  expect(await readFrom(source, readWithin({ offset: 2, length: -3 }, texts([0, 9])))).toEqual([""]);
});

test("other work goes on while very many ranges that are at hand are read", async () => {
  const source = bufferSource(Buffer.alloc(8 * 1024 * 1024));
  const ranges = (count: number, length: number) => texts(...Array.from({ length: count }, () => [0, length] as const));
  for (const reading of [ranges(5000, 1), ranges(40, 1024 * 1024)]) {
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 0);
    await readFrom(source, reading);
    clearInterval(others);
    expect(turns).toBeGreaterThan(0);
  }
});

test("errors of the source and of the reading are the caller's", async () => {
  const broken: ByteSource = { ...digits(0).source, read: () => Promise.reject(new Error("gone")) };
  await expect(readFrom(broken, texts([0, 1]))).rejects.toThrow("gone");
  const reading = (function* (): Reading<never> {
    yield { offset: 0, length: 1 };
    throw new Error("damaged");
  })();
  await expect(readFrom(digits(0).source, reading)).rejects.toThrow("damaged");
});
