import { expect, test } from "vitest";
import { conditionHolds, parseCondition } from "./condition.ts";

const values = { w: 300, h: 200, ar: 1.5, iw: 600, ih: 450, iar: 600 / 450 };

// docs/protocol/transformations.md §4
test.each([
  ["w_eq_300", true],
  ["w_ne_300", false],
  ["w_gt_299", true],
  ["w_gt_300", false],
  ["w_gte_300", true],
  ["w_lt_300", false],
  ["w_lte_300", true],
  ["ih_lt_451.5", true],
  ["iw_gt_N5", true],
  // Ratios that look equal count as equal.
  ["ar_eq_1.504", true],
  ["ar_eq_1.51", false],
  ["ar_ne_1.504", false],
  ["iar_eq_4-3", true],
  ["iar_lt_4-3", false],
  ["w_eq_300.004", false],
  // `and` binds tighter than `or`.
  ["h_gte_100_and_h_lte_400_or_ar_lt_4-3", true],
  ["h_gte_900_and_h_lte_400_or_ar_lt_4-3", false],
  ["w_eq_300_or_w_eq_1_and_h_eq_1", true],
  ["w_eq_1_and_h_eq_1_or_w_eq_300", true],
  ["w_eq_1_or_w_eq_300_and_h_eq_1", false],
])("%s is %s", (text, expected) => {
  expect(conditionHolds(parseCondition(text), values)).toBe(expected);
});
