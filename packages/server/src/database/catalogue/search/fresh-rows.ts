import type { Criteria } from "./criteria.ts";
import type { SortColumn } from "./order.ts";

const foundByOtherIndexes: ReadonlySet<string> = new Set(["type", "path", "id", "createdAt", "content", "similar"]);

/**
 * Whether a search may use lists or indexes that only have settled rows. The rows that aren't settled yet are looked at
 * one by one then.
 */
export function needsSettledRows(criteria: Criteria, column: SortColumn): boolean {
  return column !== "created_at" || usesSettledIndex(criteria);
}

function usesSettledIndex(criteria: Criteria): boolean {
  if (criteria.kind !== "condition") return criteria.operands.some(usesSettledIndex);
  return !criteria.negated && criteria.field !== "isImage" && !foundByOtherIndexes.has(criteria.field);
}
