import { sql } from "kysely";
import type { Connection } from "../../database.ts";
import { unprepared } from "../../prepared.ts";
import { bounds, nextTurn } from "./bounds.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import { type Criteria, everything } from "./criteria.ts";
import { filterOf, type SearchScope } from "./filter.ts";
import type { Phase, Position, SortColumn } from "./order.ts";
import { beyond, type KeyColumns, keysOf, orderBy, type Way } from "./positions.ts";

const foundByOtherIndexes: ReadonlySet<string> = new Set(["type", "path", "id", "createdAt", "content", "similar"]);

/**
 * Whether a search may use lists or indexes that only have settled rows. The rows that aren't settled yet are looked at
 * one by one then.
 */
function needsSettledRows(criteria: Criteria, column: SortColumn): boolean {
  return column !== "created_at" || usesSettledIndex(criteria);
}

function usesSettledIndex(criteria: Criteria): boolean {
  if (criteria.kind !== "condition") return criteria.operands.some(usesSettledIndex);
  return !criteria.negated && criteria.field !== "isImage" && !foundByOtherIndexes.has(criteria.field);
}

/** A row of a page, by which the object is read. */
export interface FoundRow extends Position {
  readonly kind: 0 | 1 | 2;
  readonly version_id: string | null;
}

/** A search in one scope. */
export interface Search extends Way {
  readonly reader: Connection;
  readonly place: SearchScope;
  readonly signal: AbortSignal;
  compare(one: FoundRow, other: FoundRow): number;
}

/** The rows of one phase that are asked for. */
export interface Part {
  readonly phase: Phase;
  readonly from: Position | undefined;
  readonly skip: number;
  readonly count: number;
  /** Conditions that the rows must meet. */
  readonly filter: readonly Sql[];
  /** Whether rows are left out that an index may have, so that entries of an index can't be counted instead. */
  readonly leavesOut: boolean;
}

export interface TakenRows {
  readonly rows: readonly FoundRow[];
  /** The number of rows that are to be skipped in the phases that follow. */
  readonly left: number;
}

/**
 * Reads rows of the search index in the order of the columns.
 * @param from the tables, one of which is the search index, as `c`
 */
export async function selectRows(
  search: Search,
  phase: Phase,
  columns: KeyColumns,
  from: Sql,
  conditions: readonly Sql[],
  limit: number,
): Promise<FoundRow[]> {
  const { rows } = await sql<Omit<FoundRow, "phase">>`
    ${unprepared} select ${columns.key} as key, c.id, c.scope, c.kind, c.version_id from ${from}
    where ${allOf(conditions)} order by ${orderBy(columns, search)} limit ${limit}
  `.execute(search.reader);
  return rows.map((found) => ({ ...found, phase: phase.number }));
}

/** Reads those rows of a set of ids that are part of the search. */
export function selectAmong(search: Search, part: Part, ids: Sql, limit: number): Promise<FoundRow[]> {
  const { phase, from, filter } = part;
  const columns = { key: sql.ref(`c.${phase.column}`), id: sql`c.id` };
  const conditions = [
    sql`c.id in (${ids})`,
    // The expression keeps the database from walking an index in the order of the list instead.
    sql`c.account_id || '' = ${search.place.viewer.accountId}`,
    sql`c.scope = ${sql.lit(search.scope)}`,
    ...filter,
    ...keysOf(phase, columns),
    ...beyond(columns, phase, search, from),
  ];
  return selectRows(search, phase, columns, sql`catalogue as c`, conditions, limit);
}

/**
 * Looks at the rows that aren't settled, and adds them to the rows that `find` finds in the indexes. No more of them are
 * needed than the page and what it skips. The writer may settle them meanwhile, so `find` leaves them out.
 */
export async function withFreshRows(
  search: Search,
  { phase, from, skip, count }: Omit<Part, "filter" | "leavesOut">,
  find: (part: Part) => Promise<TakenRows>,
): Promise<TakenRows> {
  const filter =
    phase.criteria === everything ? [] : [filterOf(phase.criteria, { ...search.place, engine: search.reader.engine })];
  const part = { phase, from, skip, count, filter, leavesOut: false };
  if (!search.reader.engine.settlesLater || !needsSettledRows(phase.criteria, phase.column)) return find(part);
  const fresh = await selectFresh(search, part);
  const settled = [...filter, sql`c.settled = 1`];
  if (fresh.length === 0) return find({ ...part, filter: settled });
  const leftOut = JSON.stringify(fresh.map(({ id }) => id));
  const others = [...settled, sql`c.id not in (select value from json_each(${leftOut}))`];
  // A settled row has at most all fresh rows before it, so that many fewer are skipped for certain.
  const skipped = Math.max(0, skip - fresh.length);
  const wanted = { ...part, skip: skipped, count: count + skip - skipped };
  const found = await find({ ...wanted, filter: others, leavesOut: true });
  const rows = [...fresh, ...found.rows].sort(search.compare);
  return { rows: rows.slice(skip - skipped, skip - skipped + count), left: found.left };
}

/** The first of the rows that aren't settled and are part of the search, in order. They are looked at in pages. */
async function selectFresh(search: Search, part: Part): Promise<FoundRow[]> {
  const wanted = part.skip + part.count;
  let fresh: FoundRow[] = [];
  for (let after: string | undefined; ; await nextTurn()) {
    search.signal.throwIfAborted();
    const ids = await freshIds(search, after);
    if (ids.length > 0) fresh.push(...(await selectAmong(search, part, sql.join(ids), wanted)));
    // The rows of one statement are in order already.
    if (after !== undefined) fresh = fresh.sort(search.compare).slice(0, wanted);
    if (ids.length < bounds.idsAtOnce) return fresh;
    after = ids.at(-1);
  }
}

async function freshIds({ reader, place }: Search, after = ""): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    ${unprepared} select id from catalogue
    where account_id = ${place.viewer.accountId} and scope = ${sql.lit(place.scope)} and settled is null and id > ${after}
    order by id limit ${bounds.idsAtOnce}
  `.execute(reader);
  return rows.map(({ id }) => id);
}
