import { parseTransformation } from "@sluice/grammar";
import { expect, test } from "vitest";
import { placeLayer } from "./place-layer.ts";
import { readPlacement } from "./read-placement.ts";

const parent = { width: 600, height: 400 };
const layer = { width: 100, height: 50 };
const initial = { width: 200, height: 100 };

/** The left and top edge of a layer of 100 x 50 that is placed on a picture of 600 x 400. */
function placed(text: string, drawn = layer) {
  const [step] = parseTransformation(`l-image,i-a.png,${text}l-end`).steps;
  if (step?.kind !== "parameters" || step.layers[0] === undefined) throw new Error(text);
  const { left, top } = placeLayer(readPlacement(step.layers[0].placement), { parent, layer: drawn, initial });
  return [left, top];
}

test.each([
  ["without anything, in the middle", "", [250, 175]],
  ["by its left and top edge", "lx-10,ly-20,", [10, 20]],
  ["from the right and bottom edges", "lx-N35,ly-N0,", [465, 350]],
  ["at zero, and at the zero of the other side", "lx-N0,ly-0,", [500, 0]],
  ["in the middle of the axis that isn't given", "lx-10,", [10, 175]],
  ["in the middle of the other axis that isn't given", "ly-N10,", [250, 340]],
  ["by its centre", "lxc-300,lyc-100,", [250, 75]],
  ["by its centre, from the opposite edges", "lxc-N300,lyc-N100,", [250, 275]],
  ["by its edge and its centre", "lx-10,lyc-100,", [10, 75]],
  ["inset from the top right corner", "lx-N14,ly-14,lap-top_right,", [486, 14]],
  ["inset from the bottom right corner", "lx-N14,ly-N14,lap-bottom_right,", [486, 336]],
  ["from the centre", "lx-10,ly-N10,lap-center,", [260, 165]],
  ["from the left edge, where a minus is a minus", "lx-N10,ly-0,lap-left,", [0, 175]],
  ["by its centre, at an anchor", "lxc-N60,lyc-40,lap-top_right,", [490, 15]],
  ["at an anchor, on one axis", "lx-N14,lap-top_right,", [486, 175]],
  ["by a focus", "lfo-bottom_right,", [500, 350]],
  ["by a focus on a side", "lfo-left,", [0, 175]],
  ["by offsets, which a focus doesn't change", "lx-0,lfo-bottom_right,", [0, 175]],
  ["by arithmetic on the parent", "lx-bw_div_2,ly-bh_sub_ch,", [300, 350]],
  ["by arithmetic on the layer", "lx-bw_sub_cw_sub_iw_div_2,ly-bh_mul_0.1,", [400, 40]],
  ["at whole pixels, an odd one free on the right", "lx-10.4,lyc-100,", [10, 75]],
] as const)("a layer lies %s (%s)", (_, text, expected) => {
  expect(placed(text)).toEqual(expected);
});

test.each([
  ["lx-590,ly-390,", [500, 350]],
  ["lx-N590,ly-N390,", [0, 0]],
  ["lxc-0,lyc-0,", [0, 0]],
  ["lx-50,ly-50,lap-bottom_right,", [500, 350]],
  ["lx-bw_mul_9,ly-bh_sub_9999,", [500, 0]],
] as const)("offsets that leave the parent are pulled back inside (%s)", (text, expected) => {
  expect(placed(text)).toEqual(expected);
});

test.each([
  ["", [-100, -100]],
  ["lx-10,ly-20,", [0, 0]],
  ["lx-N10,ly-N20,", [-200, -200]],
  ["lfo-top_left,", [0, 0]],
  ["lfo-bottom_right,", [-200, -200]],
] as const)("a layer that is larger than its parent covers it (%s)", (text, expected) => {
  expect(placed(text, { width: 800, height: 600 })).toEqual(expected);
});

test("arithmetic without a result is refused", () => {
  expect(() => placed("lx-bw_div_0,")).toThrow(/bw_div_0/);
});
