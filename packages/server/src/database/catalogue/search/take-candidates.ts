import { sql } from "kysely";
import { unnamed } from "../../unnamed.ts";
import { bounds } from "./bounds.ts";
import { type Candidates, idsOf, tableOf } from "./candidates.ts";
import { allOf } from "./conditions-sql.ts";
import type { Position } from "./order.ts";
import { beyond, type KeyColumns, orderBy } from "./positions.ts";
import { type FoundRow, type Part, type Search, selectAmong, selectRows, type TakenRows } from "./search-part.ts";
import { nextStride } from "./stride.ts";
import { nextTurn } from "./turns.ts";

/** Looks up the candidates, and takes what is asked for of those that are part of the search. */
export async function takeCandidates(search: Search, part: Part, candidates: Candidates): Promise<TakenRows> {
  if (candidates.count <= bounds.fewCandidates) return takeAtOnce(search, part, candidates);
  if (candidates.isTimed && part.phase.column === "created_at") return takeInOrder(search, part, candidates);
  return takeSorted(search, part, await idsOf(search.reader, candidates));
}

/** The limit has PostgreSQL know that the list is short. It leaves room for what others add meanwhile. */
async function takeAtOnce(search: Search, part: Part, candidates: Candidates): Promise<TakenRows> {
  const { skip, count } = part;
  const limit = 2 * candidates.count + 100;
  const ids = sql`select id from ${tableOf(candidates)} as found limit ${limit}`;
  const rows = await selectAmong(search, part, ids, skip + count);
  return { rows: rows.slice(skip), left: Math.max(0, skip - rows.length) };
}

/** The candidates come in the order of the page, so no more of them are looked up than it needs. */
async function takeInOrder(search: Search, part: Part, candidates: Candidates): Promise<TakenRows> {
  const rows: FoundRow[] = [];
  let [left, from] = [part.skip, part.from];
  // Of a single condition, nearly all candidates meet it.
  const isAlone = part.phase.criteria.kind === "condition";
  let some = Math.min(bounds.idsAtOnce, part.skip + part.count + (isAlone ? 0 : bounds.fewCandidates));
  for (;;) {
    search.signal.throwIfAborted();
    const wanted = Math.min(some, left + part.count - rows.length);
    const begun = performance.now();
    const found = await selectNext(search, part, candidates, { from, some, wanted });
    const distinct = found.filter(({ id }, index) => id !== found[index - 1]?.id);
    rows.push(...distinct.slice(left));
    left = Math.max(0, left - distinct.length);
    if (rows.length >= part.count) return { rows, left };
    from = found.length === wanted ? found.at(-1) : await positionOf(search, part, candidates, from, some - 1);
    if (from === undefined) return { rows, left };
    some = nextStride(some, bounds.idsAtOnce, performance.now() - begun, search.reader);
    await nextTurn();
  }
}

const listed: KeyColumns = { key: sql`created_at`, id: sql`id` };

/** Looks up the next candidates in the order of creation. One that is listed twice comes twice. */
function selectNext(
  search: Search,
  { phase, filter }: Part,
  candidates: Candidates,
  { from, some, wanted }: { readonly from: Position | undefined; readonly some: number; readonly wanted: number },
): Promise<FoundRow[]> {
  const next = sql`select created_at, id from ${tableOf(candidates)} as listed
    where ${allOf(beyond(listed, phase, search, from))} order by ${orderBy(listed, search)} limit ${some}`;
  const columns = { key: sql`found.created_at`, id: sql`found.id` };
  const conditions = [sql`c.scope = ${sql.lit(search.scope)}`, sql`c.id = found.id`, ...filter];
  return selectRows(search, phase, columns, sql`(${next}) as found cross join catalogue as c`, conditions, wanted);
}

/** The position of the candidate that follows `offset` others. */
async function positionOf(
  search: Search,
  { phase }: Part,
  candidates: Candidates,
  from: Position | undefined,
  offset: number,
): Promise<Position | undefined> {
  const { rows } = await sql<{ id: string; created_at: number }>`
    ${unnamed} select created_at, id from ${tableOf(candidates)} as listed
    where ${allOf(beyond(listed, phase, search, from))} order by ${orderBy(listed, search)} limit 1 offset ${offset}
  `.execute(search.reader);
  const [row] = rows;
  return row && { phase: phase.number, key: row.created_at, id: row.id, scope: search.scope };
}

/** Looks up all objects of a list in steps, and sorts those that are part of the search. */
export async function takeSorted(search: Search, part: Part, ids: readonly string[]): Promise<TakenRows> {
  const { skip, count } = part;
  const rows: FoundRow[] = [];
  let some = Math.ceil(bounds.idsAtOnce / 5);
  for (let start = 0; start < ids.length; ) {
    search.signal.throwIfAborted();
    if (start > 0) await nextTurn();
    const begun = performance.now();
    // The page has no more than these of any step.
    rows.push(...(await selectAmong(search, part, sql.join(ids.slice(start, start + some)), skip + count)));
    start += some;
    some = nextStride(some, bounds.idsAtOnce, performance.now() - begun, search.reader);
  }
  rows.sort(search.compare);
  return { rows: rows.slice(skip, skip + count), left: Math.max(0, skip - rows.length) };
}
