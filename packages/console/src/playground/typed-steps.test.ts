import { expect, test } from "vitest";
import { type Piece, type Step, stepsIn, textOf } from "./steps.ts";
import { wholeStepIn, wholeStepsIn, withOthers, withTyped } from "./typed-steps.ts";

test.each([
  ["", ""],
  ["w-200,", "w-200"],
  ["w-200:", "w-200"],
  ["ar-4:3,w-100:rt-90", "ar-4:3,w-100:rt-90"],
  ["l-text,i-a,l-end", "l-text,i-a,l-end"],
  ["if-w_gt_5,w-20,if-else,l-text,i-a,l-end,if-end", "if-w_gt_5,w-20,if-else,l-text,i-a,l-end,if-end"],
])("%j can stand among other steps, as %j", (text, read) => {
  expect(textOf(wholeStepsIn(text) ?? [])).toBe(read);
});

test.each([
  "l-text",
  "w-20,l-text,i-a",
  "if-w_gt_5,w-20",
  "l-end",
  "w-20,if-else,w-30",
  "w-20:if-end",
  "l-text,if-else,l-end",
  "if-w_gt_5,w-20,l-end,if-end",
])("%j cannot stand among other steps: a block is open in it, or ended by it", (text) => {
  expect(wholeStepsIn(text)).toBeUndefined();
});

test("a part of one step has no second step", () => {
  expect(textOf([wholeStepIn("ar-4:3,zz-9:") ?? []])).toBe("ar-4:3,zz-9");
  expect(wholeStepIn("")).toEqual([]);
  expect([wholeStepIn("zz-9:r-5"), wholeStepIn("l-text")]).toEqual([undefined, undefined]);
});

const isOther = (piece: Piece) => piece.kind === "parameter" && piece.key === "zz";

test.each([
  ["w-30,zz-9,h-20", "zz-1,zz-2", "w-30,zz-1,zz-2,h-20"],
  ["w-30,zz-9,h-20", "", "w-30,h-20"],
  ["w-30,l-text,i-a,l-end", "zz-1", "w-30,zz-1,l-text,i-a,l-end"],
])("the others of %j may become %j", (step, others, then) => {
  expect(textOf([withOthers(stepsIn(step)[0] as Step, stepsIn(others)[0] as Step, isOther)])).toBe(then);
});

test("what has a control replaces its value, and blocks come last", () => {
  const step = stepsIn("w-30,zz-9")[0] as Step;
  const typed = stepsIn("zz-1,l-text,i-a,l-end,w-20")[0] as Step;
  expect(textOf([withTyped(step, typed, isOther)])).toBe("w-20,zz-1,l-text,i-a,l-end");
});
