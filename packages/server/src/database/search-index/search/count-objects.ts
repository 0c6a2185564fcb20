import { sql } from "kysely";
import type { Viewer } from "../../../access/viewer.ts";
import type { Connection } from "../../database.ts";
import { unprepared } from "../../prepared.ts";
import { bounds, nextTurn } from "./bounds.ts";
import { type Candidates, findCandidates, tableOf } from "./candidates.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import type { Criteria } from "./criteria.ts";
import { filterOf, type SearchScope } from "./filter.ts";
import { scopesOf } from "./find-page.ts";

export interface CountQuery {
  readonly viewer: Viewer;
  readonly criteria: Criteria;
}

/** Numbers of objects: those that were looked at, those of them that meet the criteria, and all. */
export interface Counted {
  readonly examined: number;
  readonly matching: number;
  readonly total: number;
}

/** So many objects are looked up to be counted. */
const maxCandidates = 2000;
/** More samples make the estimate no better. */
const maxSamples = 40;

interface Entry {
  readonly key: number;
  readonly id: string;
}

/**
 * Counts what meets the criteria: all of it where a short list of candidates has it, or where the library is small, and
 * samples that are spread evenly over the library otherwise. The place of an object in the library is its creation.
 */
export async function countByParts(reader: Connection, query: CountQuery, signal: AbortSignal): Promise<Counted> {
  let counted: Counted = { examined: 0, matching: 0, total: 0 };
  for (const { scope, criteria: own } of scopesOf(query)) {
    const place = { viewer: query.viewer, scope };
    const bounds = { timed: maxCandidates, other: maxCandidates };
    const candidates = await findCandidates(reader, own, place, bounds, signal);
    if (candidates !== undefined) {
      const among = sql`c.id in (${idsOf(candidates, place)})`;
      const matching = await count(reader, place, [among, filterOf(own, { ...place, engine: reader.engine })]);
      counted = sum(counted, { examined: matching, matching, total: matching });
    } else counted = sum(counted, await countSamples(reader, own, place, signal));
  }
  return counted;
}

/** Rows that aren't settled are in no list yet, so each of them is looked at. */
function idsOf(candidates: Candidates, { viewer, scope }: SearchScope): Sql {
  return sql`select id from ${tableOf(candidates)} as found union all
    select id from catalogue where account_id = ${viewer.accountId} and scope = ${sql.lit(scope)} and settled is null`;
}

async function countSamples(reader: Connection, criteria: Criteria, place: SearchScope, signal: AbortSignal) {
  const starts: (Entry | undefined)[] = [undefined];
  for (;;) {
    signal.throwIfAborted();
    const next = await entryAt(reader, place, starts.at(-1), bounds.countedEntries - 1);
    if (next === undefined) break;
    starts.push(next);
    await nextTurn();
  }
  const rest = await count(reader, place, after(starts.at(-1)));
  const total = (starts.length - 1) * bounds.countedEntries + rest;
  const filter = filterOf(criteria, { ...place, engine: reader.engine });
  if (starts.length === 1) {
    return { examined: total, matching: await count(reader, place, [filter]), total };
  }
  const stride = Math.ceil(starts.length / maxSamples);
  let [examined, matching] = [0, 0];
  for (const start of starts.filter((_, index) => index % stride === 0)) {
    signal.throwIfAborted();
    const end = await entryAt(reader, place, start, bounds.sampledEntries - 1);
    if (end === undefined) continue;
    examined += bounds.sampledEntries;
    matching += await count(reader, place, [
      ...after(start),
      sql`(c.created_at, c.id) <= (${end.key}, ${end.id})`,
      filter,
    ]);
    await nextTurn();
  }
  return { examined, matching, total };
}

async function entryAt(reader: Connection, place: SearchScope, from: Entry | undefined, offset: number) {
  const { rows } = await sql<Entry>`
    ${unprepared} select c.created_at as key, c.id from catalogue as c where ${allOf([...ownedBy(place), ...after(from)])}
    order by c.created_at, c.id limit 1 offset ${offset}
  `.execute(reader);
  return rows[0];
}

async function count(reader: Connection, place: SearchScope, conditions: readonly Sql[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    ${unprepared} select count(*) as count from catalogue as c where ${allOf([...ownedBy(place), ...conditions])}
  `.execute(reader);
  return Number(rows[0]?.count);
}

function ownedBy({ viewer, scope }: SearchScope): Sql[] {
  return [sql`c.account_id = ${viewer.accountId}`, sql`c.scope = ${sql.lit(scope)}`];
}

function after(entry: Entry | undefined): Sql[] {
  if (entry === undefined) return [];
  return [sql`(c.created_at, c.id) > (${entry.key}, ${entry.id})`];
}

function sum(one: Counted, other: Counted): Counted {
  return {
    examined: one.examined + other.examined,
    matching: one.matching + other.matching,
    total: one.total + other.total,
  };
}
