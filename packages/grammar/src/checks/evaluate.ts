import { readDate, readNumber } from "../expressions/literals.ts";
import type { Checks, Comparison } from "./checks.ts";
import { fieldTypes, trimSlashes } from "./field-types.ts";
import type { Operator, Value } from "./values.ts";

/** Stands for a fact that isn't known yet: the file is still arriving. */
export const notYetKnown = Symbol("notYetKnown");

/** The value of a field. It is undefined when the upload has no such property, as a text file has no width. */
export type Fact = Value | readonly Value[] | undefined | typeof notYetKnown;

/**
 * Returns the fact for a field: a name from `checkFields`, or `request.customMetadata.<name>`. Dates stay as they are
 * written.
 */
export type Facts = (field: string) => Fact;

export type ChecksOutcome =
  | { readonly outcome: "passes" }
  /** `condition` is the part, as written, that made the whole expression false. */
  | { readonly outcome: "fails"; readonly condition: string }
  /** The outcome depends on facts that aren't known yet. */
  | { readonly outcome: "undecided" };

/** True, undefined while it can't be decided yet, or the part that made the whole expression false. */
type Judgement = true | undefined | { readonly failing: Checks };

/** A fact as values that compare with the field's type. A missing fact, or one of another type, has no values. */
interface ComparableFact {
  readonly values: readonly Value[];
  /** The spellings that `=` and `IN` compare. */
  readonly spellings: ReadonlySet<Value>;
}

type ComparableFacts = (comparison: Comparison) => ComparableFact | typeof notYetKnown;

/**
 * One false part makes a conjunction false, and one true part makes alternatives true, even if the other parts aren't
 * known yet. Evaluation takes time linear in the expression and the facts: each part is judged once, and each fact is
 * prepared once for all conditions on it.
 */
export function evaluateChecks(checks: Checks, facts: Facts): ChecksOutcome {
  const judgement = judge(checks, comparableFacts(facts));
  if (judgement === undefined) return { outcome: "undecided" };
  return judgement === true ? { outcome: "passes" } : { outcome: "fails", condition: judgement.failing.text };
}

function judge(checks: Checks, facts: ComparableFacts): Judgement {
  if (checks.kind === "comparison") {
    const fact = facts(checks);
    if (fact === notYetKnown) return undefined;
    return compare(checks, fact) || { failing: checks };
  }
  let unknown = false;
  for (const operand of checks.operands) {
    const judgement = judge(operand, facts);
    if (judgement === undefined) unknown = true;
    else if ((judgement === true) === (checks.kind === "or")) return judgement;
  }
  if (unknown) return undefined;
  return checks.kind === "and" || { failing: checks };
}

function comparableFacts(facts: Facts): ComparableFacts {
  const known = new Map<string, ReturnType<ComparableFacts>>();
  return ({ field, type }) => {
    let fact = known.get(field);
    if (fact === undefined) {
      fact = comparableFact(type, facts(field));
      known.set(field, fact);
    }
    return fact;
  };
}

function comparableFact(type: Comparison["type"], fact: Fact): ComparableFact | typeof notYetKnown {
  if (fact === notYetKnown) return fact;
  const values = actualValues(type, fact);
  return { values, spellings: new Set(values.map((value) => spelling(type, value))) };
}

/** For a missing fact only the negated operators are true (docs/protocol/upload.md §15). */
function compare({ type, operator, values }: Comparison, fact: ComparableFact): boolean {
  const isAmong = (): boolean => values.some((value) => fact.spellings.has(spelling(type, value)));
  if (operator === "NOT =" || operator === "NOT IN") return !isAmong();
  if (operator === "=" || operator === "IN") return isAmong();
  const [value] = values;
  return value !== undefined && fact.values.some((one) => inRelation(type, operator, one, value));
}

function spelling(type: Comparison["type"], value: Value): Value {
  return type === "choice" || type === "choices" ? spelled(value) : value;
}

/**
 * An option may be a text, a number or a boolean. Neither quotes nor zeros in an expression show which of them is
 * meant.
 */
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
