import type { Expression, Variable } from "./expression.ts";

/** A value that is written but has no meaning, so the parameter counts as absent. */
export const ignored = Symbol("ignored");

/** The variables that arithmetic may use at the place of a value. */
export interface Scope {
  readonly sizes: ReadonlySet<Variable>;
}

/**
 * A shape describes how the values of a parameter are written. `print` is the inverse of `parse`: parsing a printed
 * value returns that value.
 */
export interface Shape<Value> {
  /** Describes the accepted values, for the reference. */
  readonly values: string;
  /**
   * @param text decoded; undefined for a key without a value
   * @returns undefined when the text is not such a value
   */
  readonly parse: (text: string | undefined, scope: Scope) => Value | typeof ignored | undefined;
  /** @returns undefined for a key without a value; the text is not yet percent-encoded */
  readonly print: (value: Value) => string | undefined;
  /**
   * Puts numbers in the place of arithmetic. A number counts as if it were written, so it is clamped or ignored as one.
   * Only shapes whose values may hold arithmetic have this function.
   * @throws what `work` throws; whatever isn't a size is told to `work.refuse`
   */
  readonly settle?: (value: Value, work: Arithmetic) => Value | typeof ignored;
}

/** Arithmetic at one parameter, where the values of its variables are known. */
export interface Arithmetic {
  readonly evaluate: (expression: Expression) => number;
  /** Refuses the parameter, because a number of it can't be used. */
  readonly refuse: () => never;
}

/**
 * A shape whose values are neither a bare key nor empty. Parameters that give those a meaning write a whole `Shape`.
 */
export function textShape<Value>(
  values: string,
  parse: (text: string, scope: Scope) => Value | typeof ignored | undefined,
  print: (value: Value) => string,
  settle?: Shape<Value>["settle"],
): Shape<Value> {
  return {
    values,
    // Empty values are ignored (docs/protocol/transformations.md §1); a bare key has no value at all.
    parse: (text, scope) => (text === "" ? ignored : text === undefined ? undefined : parse(text, scope)),
    print,
    ...(settle !== undefined && { settle }),
  };
}

export function isExpression(value: unknown): value is Expression {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "expression";
}

/** Whether a value contains arithmetic, at any depth. */
export function holdsExpression(value: unknown): boolean {
  if (isExpression(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsExpression);
}
