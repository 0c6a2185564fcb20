import { sql } from "kysely";
import { unprepared } from "../../prepared.ts";
import { allOf } from "./conditions-sql.ts";
import type { Phase, Position } from "./order.ts";
import type { OrderedList } from "./ordered-lists.ts";
import { between, orderBy } from "./positions.ts";
import type { Search } from "./search-part.ts";

/** The position of the entry that follows `offset` others. Only the list's index is read. */
export async function positionAfter(
  search: Search,
  phase: Phase,
  list: OrderedList,
  from: Position | undefined,
  offset: number,
): Promise<Position | undefined> {
  const { rows } = await sql<{ key: string | number | null; id: string }>`
    ${unprepared} select ${list.key} as key, ${list.id} as id from ${list.entries}
    where ${allOf([...list.own, ...between(list, phase, search, from)])}
    order by ${orderBy(list, search)} limit 1 offset ${offset}
  `.execute(search.reader);
  const [row] = rows;
  return row && { phase: phase.number, key: row.key, id: row.id, scope: search.scope };
}
