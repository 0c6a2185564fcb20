import type { Checks, Comparison, Operator, Value } from "./checks.ts";
import { fieldTypes, trimSlashes } from "./field-types.ts";
import { readDate, readNumber } from "./literals.ts";

/** Stands for a fact that isn't known yet: the file is still arriving. */
export const notYetKnown = Symbol("notYetKnown");

/** What a field is; undefined when the upload has no such thing, as a text file has no width. */
export type Fact = Value | readonly Value[] | undefined | typeof notYetKnown;

/** Facts by field, as `checkFields` names them, and `request.customMetadata.<name>`; dates as they are written. */
export type Facts = (field: string) => Fact;

export type ChecksOutcome =
  | { readonly outcome: "passes" }
  /** `condition` is the part, as written, without which the whole could have held. */
  | { readonly outcome: "fails"; readonly condition: string }
  /** It depends on what isn't known yet. */
  | { readonly outcome: "undecided" };

/** True, false, or undefined for what can't be told yet. */
type Truth = boolean | undefined;

/** A false part of a conjunction decides, and a true one of alternatives, whatever isn't known beside it. */
export function evaluateChecks(checks: Checks, facts: Facts): ChecksOutcome {
  const truth = truthOf(checks, facts);
  if (truth === undefined) return { outcome: "undecided" };
  return truth ? { outcome: "passes" } : { outcome: "fails", condition: failingPart(checks, facts).text };
}

function truthOf(checks: Checks, facts: Facts): Truth {
  if (checks.kind === "comparison") return compare(checks, facts(checks.field));
  const decisive = checks.kind === "or";
  let unknown = false;
  for (const operand of checks.operands) {
    const truth = truthOf(operand, facts);
    if (truth === decisive) return decisive;
    if (truth === undefined) unknown = true;
  }
  return unknown ? undefined : !decisive;
}

function failingPart(checks: Checks, facts: Facts): Checks {
  if (checks.kind !== "and") return checks;
  const failing = checks.operands.find((operand) => truthOf(operand, facts) === false);
  return failing === undefined ? checks : failingPart(failing, facts);
}

/** Of what is missing only what is denied is true (spec/upload-v2.md §15). */
function compare(comparison: Comparison, fact: Fact): Truth {
  if (fact === notYetKnown) return undefined;
  const actual = actualValues(comparison.type, fact);
  const { operator, values } = comparison;
  if (operator === "NOT =" || operator === "NOT IN") return !isAmong(comparison.type, actual, values);
  if (operator === "=" || operator === "IN") return isAmong(comparison.type, actual, values);
  const [value] = values;
  return value !== undefined && actual.some((one) => inRelation(comparison.type, operator, one, value));
}

function isAmong(type: Comparison["type"], actual: readonly Value[], values: readonly Value[]): boolean {
  const isChoice = type === "choice" || type === "choices";
  const wanted = new Set(isChoice ? values.map(spelled) : values);
  return actual.some((one) => wanted.has(isChoice ? spelled(one) : one));
}

/** An option may be a text, a number or a boolean, and neither quotes nor zeros in an expression tell which of them it is. */
function spelled(option: Value): Value {
  const text = String(option);
  return readNumber({ text, quoted: true }) ?? text;
}

function inRelation(
  type: Comparison["type"],
  operator: Exclude<Operator, "=" | "NOT =" | "IN" | "NOT IN">,
  actual: Value,
  value: Value,
): boolean {
  if (typeof actual !== typeof value) return false;
  switch (operator) {
    case ":":
      return typeof actual === "string" && fieldTypes[type].begins(actual, String(value));
    case "<":
      return actual < value;
    case "<=":
      return actual <= value;
    case ">":
      return actual > value;
    case ">=":
      return actual >= value;
  }
}

/** A fact as values of the field's type compare; none for what is missing or isn't of the type. */
function actualValues(type: Comparison["type"], fact: Value | readonly Value[] | undefined): readonly Value[] {
  if (fact === undefined) return [];
  const written: readonly Value[] = typeof fact === "object" ? fact : [fact];
  return written.map((value) => comparable(type, value)).filter((value) => value !== undefined);
}

function comparable(type: Comparison["type"], value: Value): Value | undefined {
  if (typeof value !== "string") return value;
  switch (type) {
    case "folder":
      return trimSlashes(value);
    case "label":
      return value.toLowerCase();
    case "customDate":
      return readDate({ text: value, quoted: true });
    default:
      return value;
  }
}
