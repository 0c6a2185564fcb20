import { sql } from "kysely";
import { inRange } from "./conditions-sql.ts";
import type { Criteria } from "./criteria.ts";
import type { SearchScope } from "./filter.ts";
import { hasRange, intersection, rangesOf } from "./key-ranges.ts";
import type { SortColumn } from "./order.ts";
import { inCatalogue, type Postings } from "./postings.ts";

const columns = ["created_at", "updated_at", "size", "width", "height"] as const satisfies readonly SortColumn[];

/**
 * Postings of values between two bounds, each of which alone has long postings.
 * @returns these postings, and the operands that have none of the bounds
 */
export function jointRanges(
  operands: readonly Criteria[],
  place: SearchScope,
): { readonly lists: readonly Postings[]; readonly others: readonly Criteria[] } {
  const lists: Postings[] = [];
  const bounded = new Set<Criteria>();
  for (const column of columns) {
    const ranges = operands.flatMap((operand) => rangesOf(operand, column));
    if (ranges.length < 2) continue;
    lists.push(inCatalogue(inRange(sql.ref(column), intersection(ranges)), place, column !== "created_at"));
    for (const operand of operands) {
      if (hasRange(operand, column)) bounded.add(operand);
    }
  }
  return { lists, others: operands.filter((operand) => !bounded.has(operand)) };
}
