import { sql } from "kysely";
import type { Connection } from "../../database.ts";
import { unnamed } from "../../unnamed.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import type { Criteria } from "./criteria.ts";
import type { Place } from "./filter.ts";
import { demandedTerms } from "./ordered-lists.ts";

/** The objects of a longer list are not looked through one by one. */
const maxListed = 100_000;
/** With more objects in common, the walk through the order fills a page soon enough. */
const maxInCommon = 5000;
/** Entries of the shortest list that one statement looks at. */
const entriesAtOnce = 2000;

/**
 * Finds the ids of all objects that have each of the terms that the criteria demand, where common terms have few objects
 * in common. The shortest list is gone through in steps, and each of its ids is looked up in the other lists.
 * @returns undefined where that would be long, or where the criteria demand no terms
 */
export async function idsInCommon(
  reader: Connection,
  criteria: Criteria,
  place: Place,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const terms = [...new Set(demandedTerms(criteria))];
  const shortest = await shortestList(reader, terms, place, signal);
  if (shortest === undefined) return undefined;
  const others = terms.filter((term) => term !== shortest);
  const inCommon: string[] = [];
  let after: Sql[] = [];
  for (;;) {
    signal.throwIfAborted();
    const entries = sql`select t.created_at, t.id from catalogue_terms as t
      where ${allOf([...listOf(shortest, place), ...after])} order by t.created_at, t.id limit ${entriesAtOnce}`;
    const has = others.map(
      (term) => sql`exists (select 1 from catalogue_terms as t
      where ${allOf(listOf(term, place))} and t.created_at = e.created_at and t.id = e.id)`,
    );
    const { rows } = await sql<{ id: string }>`
      ${unnamed} select e.id from (${entries}) as e where ${allOf(has)}`.execute(reader);
    inCommon.push(...rows.map(({ id }) => id));
    if (inCommon.length > maxInCommon) return undefined;
    const end = await sql<{ created_at: number; id: string }>`${unnamed} select t.created_at, t.id
      from catalogue_terms as t where ${allOf([...listOf(shortest, place), ...after])}
      order by t.created_at, t.id limit 1 offset ${entriesAtOnce - 1}`.execute(reader);
    const [last] = end.rows;
    if (last === undefined) return inCommon;
    after = [sql`(t.created_at, t.id) > (${last.created_at}, ${last.id})`];
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Counts the lists, each up to the bound, and up to the shortest one so far. */
async function shortestList(reader: Connection, terms: readonly string[], place: Place, signal: AbortSignal) {
  let shortest: string | undefined;
  let length = maxListed;
  for (const term of terms) {
    signal.throwIfAborted();
    const { rows } = await sql<{ count: number }>`${unnamed} select count(*) as count from
      (select 1 from catalogue_terms as t where ${allOf(listOf(term, place))} limit ${length + 1}) as counted
    `.execute(reader);
    const count = Number(rows[0]?.count);
    if (count > length) continue;
    [shortest, length] = [term, count];
  }
  return shortest;
}

function listOf(term: string, { accountId, scope }: Place): Sql[] {
  return [sql`t.account_id = ${accountId}`, sql`t.scope = ${sql.lit(scope)}`, sql`t.term = ${term}`];
}
