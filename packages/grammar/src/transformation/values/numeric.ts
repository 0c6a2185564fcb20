import { type Expression, parseExpression, printExpression, type Variable } from "../expression.ts";
import { type Arithmetic, isExpression, type Scope, type Shape, textShape } from "../shape.ts";
import { clamp, parseInRange, printNumber, type Range } from "./number.ts";

/** A number, clamped to its range. */
export function numberShape(range: Range): Shape<number> {
  return textShape(describeRange(range), (text) => parseInRange(text, range), printNumber);
}

/** A number, clamped to its range, or arithmetic. */
export type Numeric = number | Expression;

export function numericShape(range: Range, variables: VariablesOf = ({ sizes }) => sizes): Shape<Numeric> {
  return textShape(
    `${describeRange(range)}; expression`,
    (text, scope) => parseInRange(text, range) ?? parseExpression(text, variables(scope)),
    printNumeric,
    (value, work) => settleNumeric(value, range, work),
  );
}

export type VariablesOf = (scope: Scope) => ReadonlySet<Variable>;

/** Works arithmetic out. A result out of range is clamped, as a number is that is written. */
export function settleNumeric(value: Numeric, range: Range, { evaluate }: Arithmetic): number {
  return isExpression(value) ? clamp(evaluate(value), range) : value;
}

export function printNumeric(value: Numeric): string {
  return isExpression(value) ? printExpression(value) : printNumber(value);
}

function describeRange({ min, max, digits = 0 }: Range): string {
  const kind = digits === 0 ? "whole number" : "number";
  return `${kind} ${printNumber(min)} to ${printNumber(max)}`;
}
