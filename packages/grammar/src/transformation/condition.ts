import { TransformationError } from "./transformation-error.ts";
import { parseDecimal, parseSigned, printNumber } from "./values/number.ts";

/** Properties of the step's input (`w`, `h`, `ar`) and of the stored file (`iw`, `ih`, `iar`). */
const properties = ["w", "h", "ar", "iw", "ih", "iar"] as const;
export type Property = (typeof properties)[number];

/** Two ratios count as equal when they look equal (docs/protocol/transformations.md §4). */
const ratioTolerance = 0.005;
const ratios: ReadonlySet<Property> = new Set(["ar", "iar"]);

const comparisons = {
  eq: (left, right, tolerance) => Math.abs(left - right) <= tolerance,
  ne: (left, right, tolerance) => Math.abs(left - right) > tolerance,
  gt: (left, right) => left > right,
  gte: (left, right) => left >= right,
  lt: (left, right) => left < right,
  lte: (left, right) => left <= right,
} as const satisfies Record<string, (left: number, right: number, tolerance: number) => boolean>;

export interface Comparison {
  readonly property: Property;
  readonly operator: keyof typeof comparisons;
  readonly value: number | Fraction;
}

/** A ratio written as `4-3`. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * A list of alternatives. An alternative holds when all its comparisons hold, so `and` binds tighter than `or`. No list
 * is empty.
 */
export interface Condition {
  readonly anyOf: readonly { readonly allOf: readonly Comparison[] }[];
}

/**
 * @param text the text after `if-`
 * @throws TransformationError INVALID_CONDITION
 */
export function parseCondition(text: string): Condition {
  const anyOf: { allOf: Comparison[] }[] = [{ allOf: [] }];
  const words = text.split("_");
  for (let index = 0; index < words.length + 1; index += 4) {
    const [property = "", operator = "", value = "", conjunction] = words.slice(index, index + 4);
    anyOf.at(-1)?.allOf.push(parseComparison(property, operator, value) ?? invalid(text));
    if (conjunction === undefined) break;
    if (conjunction === "or") anyOf.push({ allOf: [] });
    else if (conjunction !== "and") invalid(text);
  }
  return { anyOf };
}

export function printCondition({ anyOf }: Condition): string {
  return anyOf.map(({ allOf }) => allOf.map(printComparison).join("_and_")).join("_or_");
}

/** @param values properties of the step's input and of the stored file */
export function conditionHolds({ anyOf }: Condition, values: Readonly<Record<Property, number>>): boolean {
  return anyOf.some(({ allOf }) =>
    allOf.every(({ property, operator, value }) => {
      const right = typeof value === "number" ? value : value.numerator / value.denominator;
      return comparisons[operator](values[property], right, ratios.has(property) ? ratioTolerance : 0);
    }),
  );
}

function parseComparison(propertyText: string, operatorText: string, valueText: string): Comparison | undefined {
  const property = properties.find((known) => known === propertyText);
  const value = parseValue(valueText);
  if (property === undefined || value === undefined || !isOperator(operatorText)) return undefined;
  return { property, operator: operatorText, value };
}

function parseValue(text: string): number | Fraction | undefined {
  const number = parseSigned(text);
  if (number !== undefined) return number;
  const [numeratorText = "", denominatorText = "", ...rest] = text.split("-");
  const numerator = parseDecimal(numeratorText);
  const denominator = parseDecimal(denominatorText);
  if (numerator === undefined || denominator === undefined || denominator === 0 || rest.length > 0) return undefined;
  return { numerator, denominator };
}

function printComparison({ property, operator, value }: Comparison): string {
  const written =
    typeof value === "number"
      ? printNumber(value)
      : `${printNumber(value.numerator)}-${printNumber(value.denominator)}`;
  return `${property}_${operator}_${written}`;
}

function isOperator(text: string): text is keyof typeof comparisons {
  return Object.hasOwn(comparisons, text);
}

function invalid(text: string): never {
  throw new TransformationError("INVALID_CONDITION", `if-${text}`);
}
