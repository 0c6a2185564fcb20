import fc from "fast-check";
import { expect, test } from "vitest";
import { maxTails, mergeFrom } from "./tails.ts";

/** Adds pieces of these sizes as the store does. @returns what it cost, and the tails in the end */
function grow(sizes: readonly number[]) {
  let tails: number[] = [];
  let [copied, most, reads] = [0, 0, 0];
  for (const size of sizes) {
    const all = [...tails, size];
    const from = mergeFrom(all, Number.MAX_SAFE_INTEGER);
    const merged = all.slice(from).reduce((sum, one) => sum + one, 0);
    copied += merged - size;
    reads += all.length - 1 - from;
    tails = [...all.slice(0, from), merged];
    most = Math.max(most, tails.length);
  }
  return { tails, copied, most, reads };
}

test("a few tails are left alone", () => {
  expect(mergeFrom([5], 5)).toBe(0);
  expect(mergeFrom(Array(maxTails).fill(1), 100)).toBe(maxTails - 1);
  expect(mergeFrom(Array(maxTails + 1).fill(1), 100)).toBe(0);
});

test("a large tail is not read for a tiny piece", () => {
  expect(mergeFrom([1_000_000, ...Array(maxTails).fill(1)], 2_000_000)).toBe(1);
});

test("no more is put together than may be in memory", () => {
  expect(mergeFrom([...Array(maxTails).fill(4), 3], 12)).toBe(maxTails - 2);
});

test("pieces of any size leave few tails, and all their bytes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 9_000_000 }))),
      (sizes) => {
        const { tails, most } = grow(sizes);
        expect(most).toBeLessThanOrEqual(maxTails);
        expect(tails.reduce((sum, one) => sum + one, 0)).toBe(sizes.reduce((sum, one) => sum + one, 0));
      },
    ),
  );
});

test("a part in pieces of one byte is read again a few times, not once for each piece", () => {
  const pieces = 200_000;
  const { copied, reads } = grow(Array(pieces).fill(1));
  expect(copied / pieces).toBeLessThan(8);
  expect(reads / pieces).toBeLessThan(2);
});
