import fc from "fast-check";
import { expect, test } from "vitest";
import { bandRadii, bandsWithin, hammingDistance } from "./hamming-distance.ts";

const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => value.toString(16).padStart(16, "0"));

test("counts the bits in which two hashes differ", () => {
  expect(hammingDistance("0000000000000000", "ffffffffffffffff")).toBe(64);
  expect(hammingDistance("8000000000000000", "8000000000000001")).toBe(1);
  fc.assert(
    fc.property(hash, hash, (a, b) => {
      const bits = (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll("0", "").length;
      expect(hammingDistance(a, b)).toBe(bits);
    }),
  );
});

test.each([
  [0, 1],
  [1, 17],
  [2, 137],
  [3, 697],
])("lists every value of a band within %d bits", (distance, count) => {
  const values = bandsWithin("a51f", distance);
  expect(new Set(values).size).toBe(count);
  const all = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, "0"));
  const within = all.filter((value) => hammingDistance(`${value}000000000000`, "a51f000000000000") <= distance);
  expect(new Set(values)).toEqual(new Set(within));
});

test("two close hashes have a band within its radius", () => {
  expect(bandRadii(8)).toEqual([2, 1, 1, 1]);
  const bits = fc.integer({ min: 0, max: 15 }).chain((distance) =>
    fc.record({
      distance: fc.constant(distance),
      flipped: fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { minLength: distance, maxLength: distance }),
    }),
  );
  fc.assert(
    fc.property(bits, ({ distance, flipped }) => {
      const inBands = [0, 1, 2, 3].map((band) => flipped.filter((bit) => Math.floor(bit / 16) === band).length);
      expect(bandRadii(distance).some((radius, band) => Number(inBands[band]) <= radius)).toBe(true);
    }),
  );
});
