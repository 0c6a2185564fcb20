import type { Expression, Variable } from "./expression.ts";

/** A value that is written but means nothing, so that the parameter counts as absent. */
export const ignored = Symbol("ignored");

/** Where a value stands: which variables its arithmetic may use. */
export interface Scope {
  readonly sizes: ReadonlySet<Variable>;
}

/** How the values of a parameter are written. `print` is the inverse of `parse`; `parse` of a printed value is that value. */
export interface Shape<Value> {
  /** For the reference: what may be written. */
  readonly values: string;
  /**
   * @param text decoded; undefined for a key that stands alone
   * @returns undefined when the text is no such value
   */
  readonly parse: (text: string | undefined, scope: Scope) => Value | typeof ignored | undefined;
  /** @returns undefined for a key that stands alone; not yet percent-encoded */
  readonly print: (value: Value) => string | undefined;
}

/** A shape whose values are never a bare key nor empty: those who have something to say of these write a whole Shape. */
export function textShape<Value>(
  values: string,
  parse: (text: string, scope: Scope) => Value | typeof ignored | undefined,
  print: (value: Value) => string,
): Shape<Value> {
  return {
    values,
    // Empty values are ignored (docs/protocol/transformations.md §1); a bare key has no value at all.
    parse: (text, scope) => (text === "" ? ignored : text === undefined ? undefined : parse(text, scope)),
    print,
  };
}

export function isExpression(value: unknown): value is Expression {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "expression";
}
