import type { FieldTypeName } from "./field-types.ts";
import type { Operator, Value } from "./values.ts";

/** A checked expression (docs/protocol/upload.md §10): every operator and value is one that its field has. */
export type Checks = Comparison | Junction;

export interface Comparison {
  readonly kind: "comparison";
  /** As written: `file.size`. */
  readonly field: string;
  readonly type: FieldTypeName;
  readonly operator: Operator;
  /** Bytes for sizes, Unix milliseconds for dates; one of them but for `IN` and `NOT IN`. */
  readonly values: readonly Value[];
  /** The condition as written. */
  readonly text: string;
}

export interface Junction {
  readonly kind: "and" | "or";
  /** At least two. */
  readonly operands: readonly Checks[];
  readonly text: string;
}
