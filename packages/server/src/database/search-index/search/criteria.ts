import type { ObjectType, SearchCondition } from "@sluice/grammar";

/** A test that a list makes and that the language of searches has no word for. */
export type OwnCondition =
  | { readonly kind: "condition"; readonly field: "isImage"; readonly negated: false; readonly value: boolean }
  | { readonly kind: "condition"; readonly field: "content"; readonly negated: false; readonly blobId: string }
  | SimilarContent;

/** Passed by the files whose content is one of these. */
export interface SimilarContent {
  readonly kind: "condition";
  readonly field: "similar";
  readonly negated: false;
  /** Blobs by the number of bits in which their hash differs, the closest first. */
  readonly groups: readonly { readonly distance: number; readonly blobIds: readonly string[] }[];
}

export type Criterion = SearchCondition | OwnCondition;

/** All that an object has to meet, from the parameters of a list and its searchQuery alike. */
export type Criteria = Criterion | { readonly kind: "and" | "or"; readonly operands: readonly Criteria[] };

export const everything: Criteria = { kind: "and", operands: [] };
export const nothing: Criteria = { kind: "or", operands: [] };

/** Leaves of the criteria what has to be tested of objects of these types alone. */
export function criteriaFor(criteria: Criteria, types: readonly ObjectType[]): Criteria {
  if (criteria.kind !== "condition") {
    const operands = criteria.operands.map((operand) => criteriaFor(operand, types));
    const [neutral, decisive] = criteria.kind === "and" ? [everything, nothing] : [nothing, everything];
    if (operands.includes(decisive)) return decisive;
    const left = operands.filter((operand) => operand !== neutral);
    const [only] = left;
    if (only === undefined) return neutral;
    return left.length === 1 ? only : { kind: criteria.kind, operands: left };
  }
  if (criteria.field !== "type") return criteria;
  const { values } = criteria.test;
  const passing = types.filter((type) => values.includes(type) !== criteria.negated);
  if (passing.length === types.length) return everything;
  return passing.length === 0 ? nothing : criteria;
}
