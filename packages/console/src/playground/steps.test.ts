import { expect, test } from "vitest";
import { moved, type Step, stepsIn, textOf, valueIn, withValue } from "./steps.ts";

test.each([
  "",
  "w-400",
  "w-400,h-300:rt-90",
  "w-,fo-auto,orig",
  "ar-4:3,w-100:h-20",
  "e-sharpen-10,e-grayscale",
  "w-400,l-image,i-logo.png,w-50:rt-90,lx-10,l-end,l-text,i-Hello,fs-60,l-end:q-80",
  "l-image,i-a.png,l-text,i-x,l-end,l-end",
  "if-w_gt_500,w-500:rt-90,if-else,w-200,if-end",
  "if-w_gt_500,l-text,i-wide,l-end,if-end",
  "w-400,l-text,i-not closed,fs-",
  "if-w_gt_500,w-500,if-else",
  "w-400,l-end,if-end",
])("what is read of %j is written as it was", (text) => {
  expect(textOf(stepsIn(text))).toBe(text);
});

test("layers and conditions are parts of their step, with steps of their own", () => {
  const [step] = stepsIn("w-400,l-image,i-a.png,l-text,i-x,l-end:rt-90,l-end");
  expect(step).toMatchObject([
    { key: "w", value: "400" },
    {
      kind: "layer",
      type: "l-image",
      steps: [[{ key: "i" }, { kind: "layer", type: "l-text" }], [{ key: "rt", value: "90" }]],
    },
  ]);
  expect(stepsIn("if-w_gt_500,w-500,if-end")[0]).toMatchObject([{ kind: "condition", test: "w_gt_500" }]);
});

test("a value is set in its place, before the layers if it is new, and taken away", () => {
  const [step] = stepsIn("w-400,l-text,i-x,l-end") as readonly [Step];
  expect(textOf([withValue(step, "w", "200")])).toBe("w-200,l-text,i-x,l-end");
  expect(textOf([withValue(step, "h", "100")])).toBe("w-400,h-100,l-text,i-x,l-end");
  expect(textOf([withValue(step, "e-grayscale", "")])).toBe("w-400,e-grayscale,l-text,i-x,l-end");
  expect(textOf([withValue(step, "w", undefined)])).toBe("l-text,i-x,l-end");
  expect(valueIn(step, "w")).toBe("400");
  expect(valueIn(step, "h")).toBeUndefined();
});

test("cards change their places", () => {
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
});
