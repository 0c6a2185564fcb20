import { sql } from "kysely";
import type { Connection } from "../../database.ts";
import { unprepared } from "../../prepared.ts";
import { nextTurn } from "./bounds.ts";
import { inRange, type Sql, unionAll } from "./conditions-sql.ts";
import type { Criteria } from "./criteria.ts";
import type { SearchScope } from "./filter.ts";
import { type IndexCandidates, indexCandidatesOf, inSearchIndex } from "./index-candidates.ts";
import { hasRange, intersection, rangesOf } from "./key-ranges.ts";
import type { SortColumn } from "./order.ts";

const columns = ["created_at", "updated_at", "size", "width", "height"] as const satisfies readonly SortColumn[];

/**
 * IndexCandidates of values between two bounds, each of which alone has long postings.
 * @returns these postings, and the operands that have none of the bounds
 */
function jointRanges(
  operands: readonly Criteria[],
  place: SearchScope,
): { readonly lists: readonly IndexCandidates[]; readonly others: readonly Criteria[] } {
  const lists: IndexCandidates[] = [];
  const bounded = new Set<Criteria>();
  for (const column of columns) {
    const ranges = operands.flatMap((operand) => rangesOf(operand, column));
    if (ranges.length < 2) continue;
    lists.push(inSearchIndex(inRange(sql.ref(column), intersection(ranges)), place, column !== "created_at"));
    for (const operand of operands) {
      if (hasRange(operand, column)) bounded.add(operand);
    }
  }
  return { lists, others: operands.filter((operand) => !bounded.has(operand)) };
}

/** With so few candidates no shorter list is looked for. */
const fewEnough = 50;
/** Lists that one statement counts where it goes over a network. Elsewhere one list may be the last that is counted. */
const listsAtOnce = 4;

/** Queries that together find at least all objects that meet the criteria, and how many entries they give. */
export interface Candidates {
  readonly queries: readonly Sql[];
  readonly count: number;
  /** Whether the queries give the times of creation. */
  readonly isTimed: boolean;
}

/** The numbers of candidates that are taken, of those with times and of others. */
interface Bounds {
  readonly timed: number;
  readonly other: number;
  /** Terms whose lists may be walked as well, so they are taken up to the lower bound. */
  readonly walked?: readonly string[];
}

/**
 * Finds the shortest list of candidates by counting what the indexes have, each up to the bound.
 * @returns undefined where every list is longer than the bound, or where no index finds what meets the criteria
 */
export async function findCandidates(
  reader: Connection,
  criteria: Criteria,
  place: SearchScope,
  bounds: Bounds,
  signal: AbortSignal,
): Promise<Candidates | undefined> {
  const choice = choiceOf(criteria, place);
  const lists = listsOf(choice);
  const counts = new Map<IndexCandidates, number>();
  const atOnce = reader.engine.runNow === undefined ? listsAtOnce : 1;
  for (let start = 0; start < lists.length; start += atOnce) {
    signal.throwIfAborted();
    const some = lists.slice(start, start + atOnce);
    const found = await countEach(reader, some, bounds);
    for (const [index, list] of some.entries()) counts.set(list, found[index] ?? 0);
    const best = shortest(choice, counts, bounds);
    if (best !== undefined && best.count <= fewEnough) return best;
    // Counts that have reached their bounds took long.
    if (start + atOnce < lists.length) await nextTurn();
  }
  return shortest(choice, counts, bounds);
}

/** Lists each of which has all that meets the criteria; or parts of the criteria, of which one or all have to be met. */
interface Choice {
  readonly lists: readonly IndexCandidates[];
  readonly parts: readonly Choice[];
  readonly needsAllParts: boolean;
}

function choiceOf(criteria: Criteria, place: SearchScope): Choice {
  if (criteria.kind === "condition") {
    return { lists: indexCandidatesOf(criteria, place), parts: [], needsAllParts: false };
  }
  const { operands } = criteria;
  const needsAllParts = criteria.kind === "or";
  const { lists, others } = needsAllParts ? { lists: [], others: operands } : jointRanges(operands, place);
  return { lists, parts: others.map((operand) => choiceOf(operand, place)), needsAllParts };
}

function listsOf({ lists, parts }: Choice): IndexCandidates[] {
  return [...lists, ...parts.flatMap(listsOf)];
}

/** @param counts of the lists that have been counted */
function shortest(
  { lists, parts, needsAllParts }: Choice,
  counts: ReadonlyMap<IndexCandidates, number>,
  bounds: Bounds,
): Candidates | undefined {
  const candidates = parts.map((part) => shortest(part, counts, bounds));
  if (needsAllParts) return united(candidates, bounds);
  let best: Candidates | undefined;
  for (const list of lists) {
    const count = counts.get(list) ?? Number.POSITIVE_INFINITY;
    if (count <= boundOf(list, bounds)) best = shorter(best, { queries: [list.query], count, isTimed: list.isTimed });
  }
  return candidates.reduce(shorter, best);
}

/** An object that meets one of several criteria is in the list of one of them, so each of them needs a list. */
function united(candidates: readonly (Candidates | undefined)[], bounds: Bounds): Candidates | undefined {
  const all = candidates.filter((one) => one !== undefined);
  const count = all.reduce((sum, one) => sum + one.count, 0);
  const isTimed = all.every((one) => one.isTimed);
  if (all.length < candidates.length || count > (isTimed ? bounds.timed : bounds.other)) return undefined;
  return { queries: all.flatMap(({ queries }) => queries), count, isTimed };
}

function shorter(one: Candidates | undefined, other: Candidates | undefined): Candidates | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.count < one.count ? other : one;
}

function boundOf({ isTimed, term }: IndexCandidates, { timed, other, walked = [] }: Bounds): number {
  return isTimed && (term === undefined || !walked.includes(term)) ? timed : other;
}

/** Counts the lists' entries by one statement, each list up to the first number beyond its bound. */
async function countEach(reader: Connection, lists: readonly IndexCandidates[], bounds: Bounds): Promise<number[]> {
  const counted = lists.map(
    (list, index) => sql`select ${sql.lit(index)} as list, count(*) as count from
      (select 1 from (${list.query}) as found limit ${boundOf(list, bounds) + 1}) as counted`,
  );
  const { rows } = await sql<{ list: number; count: number }>`
    ${unprepared} ${sql.join(counted, sql` union all `)}
  `.execute(reader);
  const counts = new Map(rows.map(({ list, count }) => [Number(list), Number(count)]));
  return lists.map((_, index) => counts.get(index) ?? 0);
}

/**
 * All candidates, as a table for `from`. An id may come more than once. The sum keeps the databases from walking the
 * index of all times instead, in the order of a page.
 */
export function tableOf({ queries }: Candidates): Sql {
  return sql`(select id, created_at + 0 as created_at from (${unionAll(queries)}) as postings)`;
}

/** The ids of candidates, each once. */
export async function idsOf(reader: Connection, candidates: Candidates): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    ${unprepared} select distinct id from ${tableOf(candidates)} as found
  `.execute(reader);
  return rows.map(({ id }) => id);
}
