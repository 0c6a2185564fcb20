import type { FieldTypeName } from "./field-types.ts";
import type { Operator, Value } from "./values.ts";

/** A checked expression (docs/protocol/upload.md §10): its field supports every operator and value in it. */
export type Checks = Comparison | Junction;

export interface Comparison {
  readonly kind: "comparison";
  /** The field's name as written: `file.size`. */
  readonly field: string;
  readonly type: FieldTypeName;
  readonly operator: Operator;
  /** Sizes are in bytes and dates in Unix milliseconds. There is exactly one value, except for `IN` and `NOT IN`. */
  readonly values: readonly Value[];
  /** The condition as written. */
  readonly text: string;
}

export interface Junction {
  readonly kind: "and" | "or";
  /** There are at least two operands. */
  readonly operands: readonly Checks[];
  readonly text: string;
}
