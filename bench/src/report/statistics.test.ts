import { expect, test } from "vitest";
import { percentile, spread } from "./statistics.ts";

test("a percentile lies on the line between its neighbours, whatever the values' order", () => {
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(percentile([10, 20], 0.99)).toBeCloseTo(19.9);
  expect(percentile([7], 0.999)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test("a spread is the median and the middle half", () => {
  expect(spread([5, 1, 4, 2, 3])).toEqual({ low: 2, median: 3, high: 4 });
});
