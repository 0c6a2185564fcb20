import fc from "fast-check";
import { expect, test } from "vitest";
import { parameterGroups } from "./parameters/parameters.ts";
import { parseTransformation } from "./parse.ts";
import { printTransformation } from "./print.ts";
import { settleParameters, settlePlacement } from "./settle.ts";
import { holdsExpression } from "./shape.ts";
import type { ParameterStep } from "./transformation.ts";
import { TransformationError } from "./transformation-error.ts";

const values = { iw: 600, ih: 400, iar: 1.5, cw: 300, ch: 200, car: 1.5, bw: 900, bh: 90, bar: 10, idn: 300 };

function settled(text: string): string {
  const [step] = parseTransformation(text).steps as ParameterStep[];
  if (step === undefined) throw new Error("no step");
  const [layer] = step.layers;
  if (layer === undefined) return print({ ...step, parameters: settleParameters(step.parameters, values) });
  const steps = (layer.steps as ParameterStep[]).map((one) => ({
    ...one,
    parameters: settleParameters(one.parameters, values),
  }));
  return print({ ...step, layers: [{ ...layer, placement: settlePlacement(layer.placement, values), steps }] });
}

const print = (step: ParameterStep): string => printTransformation({ steps: [step] });

test.each([
  ["w-ih_mul_0.8_add_iw_mul_0.4", "w-560"],
  ["w-iw_div_7", "w-86"],
  ["h-1_div_9", "h-1"],
  ["w-iw_mul_1000", ""],
  ["ar-iw_div_ih", "ar-1.5-1"],
  ["ar-1_div_3", "ar-0.333333-1"],
  ["dpr-iar_mul_100", "dpr-5"],
  ["dpr-iar", "dpr-1.5"],
  ["cm-extract,x-iw_sub_ch,yc-cw_sub_iw", "cm-extract,x-400,yc-N300"],
  ["b-ch_div_7_red", "b-29_red"],
  ["b-ch_sub_500_red", "b-0_red"],
  ["dn-idn_div_2", "dn-150"],
  ["e-gradient-sp-ih_mul_0.5", "e-gradient-ld-180_from-FFFFFF_to-00000000_sp-200"],
  [
    "l-text,i-a,w-bw_mul_0.5,fs-bh_div_3,lh-1_sub_2,pa-10_bw_div_9_5,l-end",
    "l-text,i-a,w-450,fs-30,pa-10_100_5,lh-1,l-end",
  ],
  [
    "l-image,i-a,w-bw_div_2,h-ih,lx-bw_sub_cw,ly-ch_sub_bh_mul_2_sub_10,l-end",
    "l-image,i-a,lx-600,ly-10,w-450,h-400,l-end",
  ],
  ["w-300,bl-5", "w-300,bl-5"],
])("%s is %s", (text, expected) => {
  expect(settled(text)).toBe(expected);
});

test.each([
  ["w-iw_div_0", "w-iw_div_0"],
  ["h-iw_sub_iw", "h-iw_sub_iw"],
  ["h-ih_sub_iw", "h-ih_sub_iw"],
  ["w-1000_pow_1000", "w-1000_pow_1000"],
  ["ar-ih_sub_iw", "ar-ih_sub_iw"],
  ["b-iw_mod_0_red", "b-iw_mod_0_red"],
  ["cm-extract,x-5_mod_1_div_0", "x-5_mod_1_div_0"],
])("%s is refused, and the parameter named", (text, named) => {
  const refused = new TransformationError("NOT_A_SIZE", named);
  expect(() => settled(text)).toThrow(refused);
});

test("a size that is no number is refused as one that is not known", () => {
  const [step] = parseTransformation("w-iar").steps as ParameterStep[];
  const settle = () => settleParameters(step?.parameters ?? {}, { iar: Number.NaN });
  expect(settle).toThrow(new TransformationError("NOT_A_SIZE", "w-iar"));
});

test("an offset that is less than nothing is counted from the near edge", () => {
  const [lx] = parseTransformation("l-image,i-a,lx-bw_sub_iw_mul_2,l-end").steps.flatMap((step) =>
    step.kind === "parameters" ? step.layers.map(({ placement }) => settlePlacement(placement, values).lx) : [],
  );
  expect(lx).toEqual({ kind: "offset", distance: -300, negative: false });
});

test("every parameter that takes arithmetic can be settled", () => {
  const records = parameterGroups.flatMap((group) => Object.entries(group.records));
  const taking = records.filter(([, { shape }]) => shape.values.includes("expression"));
  expect(taking.length).toBeGreaterThan(15);
  expect(taking.filter(([, { shape }]) => !("settle" in shape)).map(([key]) => key)).toEqual([]);
});

const operand = fc.oneof(fc.constantFrom("iw", "ih", "iar", "cw", "ch", "car"), fc.nat(70_000).map(String));
const operator = fc.constantFrom("add", "sub", "mul", "div", "mod", "pow");
const arithmetic = fc
  .tuple(operand, fc.array(fc.tuple(operator, operand), { maxLength: 8 }))
  .map(([first, rest]) => [first, ...rest.flat()].join("_"));
const sizes = fc.record({ iw: fc.nat(70_000), ih: fc.nat(70_000), iar: fc.double(), cw: fc.nat(9), ch: fc.nat(9) });

test("whatever arithmetic says, it gives a value that could have been written, or is refused", () => {
  const key = fc.constantFrom("w-", "h-", "ar-", "dpr-", "cm-extract,x-", "cm-extract,yc-");
  fc.assert(
    fc.property(key, arithmetic, sizes, (before, text, known) => {
      let step: ParameterStep | undefined;
      let parameters: ParameterStep["parameters"];
      try {
        [step] = parseTransformation(before + text).steps as ParameterStep[];
        if (step === undefined) return;
        parameters = settleParameters(step.parameters, known);
      } catch (error) {
        expect(error).toBeInstanceOf(TransformationError);
        return;
      }
      expect(holdsExpression(parameters)).toBe(false);
      if (Object.keys(parameters).length === 0) return;
      const written = { steps: [{ ...step, parameters }] };
      expect(parseTransformation(printTransformation(written))).toEqual(written);
    }),
  );
});
