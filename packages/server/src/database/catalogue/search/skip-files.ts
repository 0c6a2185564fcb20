import { sql } from "kysely";
import { unnamed } from "../../unnamed.ts";
import { allOf } from "./conditions-sql.ts";
import { type Criteria, type Criterion, everything } from "./criteria.ts";
import type { Phase, Position } from "./order.ts";
import type { OrderedList } from "./ordered-lists.ts";
import { positionAfter } from "./position-after.ts";
import { between } from "./positions.ts";
import { singleTermsOf } from "./postings.ts";
import type { Search } from "./search-part.ts";

/**
 * Skips this many entries of a plain list by its index alone. The index has folders among the files, so these are counted.
 * @returns undefined where the rows have to be tested, or near the list's end
 */
export async function skipFiles(
  search: Search,
  phase: Phase,
  lists: readonly OrderedList[],
  from: Position | undefined,
  entries: number,
): Promise<{ readonly files: number; readonly position: Position } | undefined> {
  const [list, ...more] = lists;
  if (list === undefined || more.length > 0 || !isPlain(phase.criteria, list)) return undefined;
  const position = await positionAfter(search, phase, list, from, entries - 1);
  if (position === undefined) return undefined;
  if (phase.criteria === everything || search.scope === 1 || list.term !== undefined)
    return { files: entries, position };
  const conditions = [
    sql`c.id in (select f.id from catalogue as f where f.account_id = ${search.place.accountId} and f.kind = 2)`,
    ...list.own,
    ...between(list, phase, search, from, position),
  ];
  const { rows } = await sql<{ count: number }>`
    ${unnamed} select count(*) as count from catalogue as c where ${allOf(conditions)}
  `.execute(search.reader);
  return { files: entries - Number(rows[0]?.count), position };
}

/** Terms that are the whole of a test. No folder has one of these. */
const wholeTests: ReadonlySet<string> = new Set(["tags", "embeddedMetadata.Keywords"]);

/** Whether the list's files are what meets the criteria. */
function isPlain(criteria: Criteria, list: OrderedList): boolean {
  if (criteria.kind === "and") return criteria.operands.every((operand) => isPlain(operand, list));
  if (criteria.kind !== "condition" || criteria.negated) return false;
  if (criteria.field === "type") {
    const { values } = criteria.test;
    return values.includes("file") && (list.term !== undefined || !values.includes("folder"));
  }
  if (list.term !== undefined) {
    return (
      wholeTests.has(criteria.field) &&
      "test" in criteria &&
      criteria.test.kind === "among" &&
      hasOnly(criteria, list.term)
    );
  }
  if (criteria.field !== "path" || criteria.test.kind !== "among") return false;
  return criteria.test.values.every((path) => path === list.folder);
}

function hasOnly(condition: Criterion, term: string): boolean {
  const [only, ...more] = singleTermsOf(condition);
  return only === term && more.length === 0;
}
