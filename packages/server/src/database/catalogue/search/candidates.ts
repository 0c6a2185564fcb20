import { sql } from "kysely";
import type { Connection } from "../../database.ts";
import { unnamed } from "../../unnamed.ts";
import type { Sql } from "./conditions-sql.ts";
import type { Criteria } from "./criteria.ts";
import type { Place } from "./filter.ts";
import { postingsOf } from "./postings.ts";

/** So many objects are looked up and sorted for one page. With more candidates the order's own index is walked. */
const maxCandidates = 2000;
/** So many objects are looked up in steps, where the walk finds little. */
export const maxListedCandidates = 20_000;
/** With so few candidates no shorter list is looked for. */
const fewCandidates = 50;

/** Queries for the ids of at least all objects that meet the criteria, and how many ids they give together. */
export interface Candidates {
  readonly queries: readonly Sql[];
  readonly count: number;
}

/**
 * Finds the shortest list of candidates by counting what the indexes have, each up to the bound.
 * @returns undefined where every list is longer than the bound, or where no index finds what meets the criteria
 */
export async function findCandidates(
  reader: Connection,
  criteria: Criteria,
  place: Place,
  bound = maxCandidates,
): Promise<Candidates | undefined> {
  let best: Candidates | undefined;
  if (criteria.kind !== "condition") {
    if (criteria.kind === "or") return unitedCandidates(reader, criteria.operands, place, bound);
    for (const operand of criteria.operands) {
      best = shorter(best, await findCandidates(reader, operand, place, bound));
      if (best !== undefined && best.count <= fewCandidates) break;
    }
    return best;
  }
  for (const query of postingsOf(criteria, place)) {
    const count = await countUpTo(reader, query, bound + 1);
    if (count <= bound) best = shorter(best, { queries: [query], count });
    if (count <= fewCandidates) break;
  }
  return best;
}

/** An object that meets one of several criteria is in the list of one of them, so each of them needs a list. */
async function unitedCandidates(
  reader: Connection,
  operands: readonly Criteria[],
  place: Place,
  bound: number,
): Promise<Candidates | undefined> {
  const queries: Sql[] = [];
  let count = 0;
  for (const operand of operands) {
    const candidates = await findCandidates(reader, operand, place, bound);
    if (candidates === undefined) return undefined;
    queries.push(...candidates.queries);
    count += candidates.count;
    if (count > bound) return undefined;
  }
  return { queries, count };
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

async function countUpTo(reader: Connection, query: Sql, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    ${unnamed} select count(*) as count from (select 1 from (${query}) as found limit ${limit}) as counted
  `.execute(reader);
  return Number(rows[0]?.count);
}
