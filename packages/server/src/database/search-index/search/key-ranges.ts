import type { Criteria, Criterion } from "./criteria.ts";
import type { SortColumn } from "./order.ts";
import { type Range, spanRange, textsBeginning, wholeNumbers } from "./ranges.ts";

export type AnyRange = Range<string> | Range<number>;

/** The ranges of a column in which all that meets the criteria has to be. */
export function rangesOf(criteria: Criteria, column: SortColumn): readonly AnyRange[] {
  if (criteria.kind === "and") return criteria.operands.flatMap((operand) => rangesOf(operand, column));
  if (criteria.kind !== "condition" || criteria.negated) return [];
  const range = rangeOf(criteria, column);
  return range === undefined ? [] : [range];
}

/** Whether the operand is a condition that bounds the column. */
export function hasRange(operand: Criteria, column: SortColumn): boolean {
  return operand.kind === "condition" && rangesOf(operand, column).length > 0;
}

/** The range that all ranges have in common. Of ranges of texts it is the first one. Nobody needs it narrower. */
export function intersection([first = {}, ...more]: readonly AnyRange[]): Range<string | number> {
  let { from, before }: Range<string | number> = first;
  for (const range of more) {
    if (typeof range.from === "number") from = Math.max(range.from, Number(from ?? range.from));
    if (typeof range.before === "number") before = Math.min(range.before, Number(before ?? range.before));
  }
  return { from, before };
}

function rangeOf(condition: Criterion, column: SortColumn): AnyRange | undefined {
  if (!("test" in condition)) return undefined;
  const { field } = condition;
  if ((field === "createdAt" && column === "created_at") || (field === "updatedAt" && column === "updated_at")) {
    const [only, ...more] = condition.test.spans;
    return only === undefined || more.length > 0 ? undefined : spanRange(only);
  }
  if ((field === "size" || field === "width" || field === "height") && field === column) {
    return condition.test.kind === "relation" ? wholeNumbers(condition.test) : undefined;
  }
  if (field !== "name" || column !== "name" || condition.test.kind !== "beginning") return undefined;
  return textsBeginning(condition.test.text);
}
