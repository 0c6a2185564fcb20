import type { SearchQuery } from "./search-query.ts";

/**
 * Whether the query says itself which types of objects it finds. A query without a clause on `type` finds files and
 * folders, and no earlier versions (docs/protocol/media-api.md §4.1).
 */
export function hasTypeClause(query: SearchQuery): boolean {
  return query.kind === "condition" ? query.field === "type" : query.operands.some(hasTypeClause);
}
