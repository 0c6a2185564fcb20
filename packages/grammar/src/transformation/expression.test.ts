import { expect, test } from "vitest";
import { evaluateExpression, parseExpression, sizeVariables, type Variable } from "./expression.ts";

const values = { iw: 600, ih: 400, iar: 1.5, cw: 300, ch: 200, car: 1.5 };

function evaluate(text: string): number | undefined {
  const expression = parseExpression(text, new Set<Variable>(sizeVariables));
  if (expression === undefined) throw new Error(`not an expression: ${text}`);
  return evaluateExpression(expression, values);
}

// docs/protocol/transformations.md §3
test.each([
  ["ih_mul_0.8_add_iw_mul_0.4", 560],
  ["10_add_7_mod_4", 1],
  ["2_pow_3_add_1", 16],
  ["iw", 600],
  ["iw_div_2", 300],
  ["100_sub_20_sub_30", 50],
  ["100_div_5_div_2", 10],
  ["100_div_5_mul_2", 40],
  ["2_add_3_mul_4", 14],
  ["2_mul_3_add_4", 10],
  ["17_mod_10_mod_4", 3],
  ["17_mod_2_mul_5", 7],
  ["2_pow_3_pow_2", 64],
  ["2_pow_7_mod_4", 8],
  ["1_sub_2", -1],
  ["cw_add_iar_mul_2_sub_ch_div_2", 203],
])("%s is %d", (text, expected) => {
  expect(evaluate(text)).toBeCloseTo(expected, 9);
});

test.each(["iw_div_0", "iw_mod_0", "0_div_0", "1000_pow_1000", "5_mod_1_div_0"])("%s gives no number", (text) => {
  expect(evaluate(text)).toBeUndefined();
});

test("a variable without a value gives no number, wherever it stands", () => {
  const expression = parseExpression("2_add_iw_mul_0", new Set<Variable>(["iw"]));
  expect(evaluateExpression(expression ?? { kind: "expression", operands: [], operators: [] }, {})).toBeUndefined();
});

test.each([
  "",
  "_",
  "iw_",
  "_iw",
  "iw_mul",
  "mul_iw",
  "iw_mul_div_2",
  "iw_iw",
  "iw_2",
  "bw",
  "iw_mul_N2",
  "iw_MUL_2",
  "iw_toString_2",
])("%j isn't an expression", (text) => {
  expect(parseExpression(text, new Set<Variable>(sizeVariables))).toBeUndefined();
});
