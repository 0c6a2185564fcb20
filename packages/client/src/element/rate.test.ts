import { expect, test } from "vitest";
import { makeRate } from "./rate.ts";

/** Returns the displayed rate after each of these seconds, for the given number of bytes. */
function rates(...points: [second: number, loaded: number][]): number[] {
  let time = 0;
  const rate = makeRate(() => time);
  return points.map(([second, loaded]) => {
    // The clock starts late, as in a page that has been open for a while.
    time = 100_000 + second * 1000;
    return rate(loaded);
  });
}

test("nothing is said before there is a second to measure", () => {
  expect(rates([0, 0], [0.5, 500], [1, 1000], [1.5, 9000])).toEqual([0, 0, 1000, 1000]);
});

test("a change comes through within seconds, without leaps", () => {
  const [, first, second, third] = rates([0, 0], [1, 1000], [2, 3000], [3, 5000]);
  expect([first, second, third]).toEqual([1000, 1200, 1360]);
});

test("while nothing moves, and after a pause, the old figure is not repeated", () => {
  expect(rates([0, 0], [1, 1000], [2, 1000], [3, 3000])).toEqual([0, 1000, 0, 2000]);
  expect(rates([0, 0], [1, 1000], [60, 1000], [61, 1500])).toEqual([0, 1000, 0, 500]);
});

test("an attempt that begins again is no progress backwards", () => {
  expect(rates([0, 0], [1, 1000], [2, 0], [3, 500])).toEqual([0, 1000, 0, 500]);
});
