import { sql } from "kysely";
import { inRange } from "./conditions-sql.ts";
import type { Criteria } from "./criteria.ts";
import type { Place } from "./filter.ts";
import { intersection, rangesOf } from "./key-ranges.ts";
import type { SortColumn } from "./order.ts";
import { inCatalogue, type Postings } from "./postings.ts";

const columns = ["created_at", "updated_at", "size", "width", "height"] as const satisfies readonly SortColumn[];

/** Postings of values between two bounds, each of which alone has long postings. */
export function jointRanges(operands: readonly Criteria[], place: Place): Postings[] {
  return columns.flatMap((column) => {
    const ranges = operands.flatMap((operand) => rangesOf(operand, column));
    if (ranges.length < 2) return [];
    return [inCatalogue(inRange(sql.ref(column), intersection(ranges)), place, column !== "created_at")];
  });
}
