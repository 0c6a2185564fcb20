import { sql } from "kysely";
import type { Connection } from "../../database.ts";
import { unnamed } from "../../unnamed.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import type { Criteria } from "./criteria.ts";
import type { Place } from "./filter.ts";
import { jointRanges } from "./joint-ranges.ts";
import type { Phase, Position } from "./order.ts";
import { beyond, orderBy, type Way } from "./positions.ts";
import { type Postings, postingsOf } from "./postings.ts";
import { nextTurn } from "./turns.ts";

/** With so few candidates no shorter list is looked for. */
const fewEnough = 50;

/** Queries that together find at least all objects that meet the criteria, and how many entries they give. */
export interface Candidates {
  readonly queries: readonly Sql[];
  readonly count: number;
  /** Whether the queries give the times of creation. */
  readonly isTimed: boolean;
}

/** The numbers of candidates that are taken, of those with times and of others. */
export interface Bounds {
  readonly timed: number;
  readonly other: number;
}

/**
 * Finds the shortest list of candidates by counting what the indexes have, each up to the bound.
 * @returns undefined where every list is longer than the bound, or where no index finds what meets the criteria
 */
export async function findCandidates(
  reader: Connection,
  criteria: Criteria,
  place: Place,
  bounds: Bounds,
  signal: AbortSignal,
): Promise<Candidates | undefined> {
  let best: Candidates | undefined;
  if (criteria.kind !== "condition") {
    if (criteria.kind === "or") return unitedCandidates(reader, criteria.operands, place, bounds, signal);
    best = await shortest(reader, jointRanges(criteria.operands, place), bounds, signal);
    for (const operand of criteria.operands) {
      if (best !== undefined && best.count <= fewEnough) break;
      best = shorter(best, await findCandidates(reader, operand, place, bounds, signal));
    }
    return best;
  }
  return shortest(reader, postingsOf(criteria, place), bounds, signal);
}

async function shortest(reader: Connection, lists: readonly Postings[], bounds: Bounds, signal: AbortSignal) {
  let best: Candidates | undefined;
  for (const { query, isTimed } of lists) {
    signal.throwIfAborted();
    const bound = isTimed ? bounds.timed : bounds.other;
    const count = await countUpTo(reader, query, bound + 1);
    if (count <= bound) best = shorter(best, { queries: [query], count, isTimed });
    // A count that has reached its bound took long.
    if (count > bound) await nextTurn();
    if (count <= fewEnough) break;
  }
  return best;
}

/** An object that meets one of several criteria is in the list of one of them, so each of them needs a list. */
async function unitedCandidates(
  reader: Connection,
  operands: readonly Criteria[],
  place: Place,
  bounds: Bounds,
  signal: AbortSignal,
): Promise<Candidates | undefined> {
  const queries: Sql[] = [];
  let [count, isTimed] = [0, true];
  for (const operand of operands) {
    const candidates = await findCandidates(reader, operand, place, bounds, signal);
    if (candidates === undefined) return undefined;
    queries.push(...candidates.queries);
    count += candidates.count;
    isTimed &&= candidates.isTimed;
    if (count > (isTimed ? bounds.timed : bounds.other)) return undefined;
  }
  return { queries, count, isTimed };
}

function shorter(one: Candidates | undefined, other: Candidates | undefined): Candidates | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.count < one.count ? other : one;
}

/** The ids of candidates, each once. */
export async function idsOf(reader: Connection, { queries }: Candidates): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    ${unnamed} select distinct id from (${sql.join(queries, sql` union all `)}) as found
  `.execute(reader);
  return rows.map(({ id }) => id);
}

/** The next candidates in the order of creation, each once. The candidates have their times. */
export async function nextByCreation(
  reader: Connection,
  { queries }: Candidates,
  phase: Phase,
  way: Way,
  from: Position | undefined,
  limit: number,
): Promise<Position[]> {
  const columns = { key: sql`created_at`, id: sql`id` };
  const { rows } = await sql<{ id: string; created_at: number }>`
    ${unnamed} select distinct created_at, id from (${sql.join(queries, sql` union all `)}) as found
    where ${allOf(beyond(columns, phase, way, from))} order by ${orderBy(columns, way)} limit ${limit}
  `.execute(reader);
  return rows.map(({ id, created_at: key }) => ({ phase: phase.number, key, id, scope: way.scope }));
}

async function countUpTo(reader: Connection, query: Sql, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    ${unnamed} select count(*) as count from (select 1 from (${query}) as found limit ${limit}) as counted
  `.execute(reader);
  return Number(rows[0]?.count);
}
