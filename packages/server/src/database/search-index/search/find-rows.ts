import { sql } from "kysely";
import { unprepared } from "../../prepared.ts";
import { bounds, nextStride, nextTurn } from "./bounds.ts";
import { type Candidates, findCandidates, idsOf, tableOf } from "./candidates.ts";
import { allOf } from "./conditions-sql.ts";
import { type Criteria, everything } from "./criteria.ts";
import { hasRange } from "./key-ranges.ts";
import type { Phase, Position } from "./order.ts";
import { demandedTerms } from "./ordered-lists.ts";
import { beyond, type KeyColumns, orderBy } from "./positions.ts";
import { type FoundRow, type Part, type Search, selectAmong, selectRows, type TakenRows } from "./search-part.ts";
import { Walk } from "./walk.ts";

/** Looks up the candidates, and takes what is asked for of those that are part of the search. */
async function takeCandidates(search: Search, part: Part, candidates: Candidates): Promise<TakenRows> {
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
    ${unprepared} select created_at, id from ${tableOf(candidates)} as listed
    where ${allOf(beyond(listed, phase, search, from))} order by ${orderBy(listed, search)} limit 1 offset ${offset}
  `.execute(search.reader);
  const [row] = rows;
  return row && { phase: phase.number, key: row.created_at, id: row.id, scope: search.scope };
}

/** Looks up all objects of a list in steps, and sorts those that are part of the search. */
async function takeSorted(search: Search, part: Part, ids: readonly string[]): Promise<TakenRows> {
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

/** So many candidates are sorted by their times for what it costs to look up the row of one. */
const timesPerRow = 20;

/**
 * Finds the rows of one phase. Few candidates are looked up at once. Otherwise an index in the order of the phase is
 * walked. Nobody knows how far the next match is, so the longer the walk finds too little, the longer the lists of
 * candidates may be that are looked up instead. So a search costs a small multiple of what the better way costs.
 */
export async function findRows(search: Search, part: Part): Promise<TakenRows> {
  const { phase } = part;
  const few = bounds.fewCandidates;
  const isByCreation = phase.column === "created_at";
  const walked = isByCreation ? demandedTerms(phase.criteria) : [];
  const bounded = { timed: isByCreation ? timesPerRow * few : few, other: few, walked };
  const criteria = without(phase.criteria, (operand) => hasRange(operand, phase.column));
  const candidates = await findCandidates(search.reader, criteria, search.place, bounded, search.signal);
  if (candidates !== undefined) return takeCandidates(search, part, candidates);
  const walk = new Walk(search, part);
  const { entriesBeforeCreation: before } = bounds;
  const beforeCreation = demandedTerms(phase.criteria).length > 0 ? before.ofTerms : before.ofAll;
  let isLeftToTry = !isByCreation;
  for (let looked = few; ; ) {
    if (await walk.step()) return walk.taken();
    await nextTurn();
    if (walk.entries < looked) continue;
    let other = await takeMoreCandidates(search, walk.rest(), walk.entries);
    if (other === undefined && isLeftToTry && walk.entries >= beforeCreation) {
      isLeftToTry = false;
      other = await takeByCreation(search, walk.rest());
    }
    if (other !== undefined) return walk.taken(other);
    looked = 2 * walk.entries;
  }
}

/** @param entries how many entries the walk has looked at */
async function takeMoreCandidates(search: Search, part: Part, entries: number): Promise<TakenRows | undefined> {
  if (entries >= 2 * bounds.mostCandidates) return undefined;
  const { phase } = part;
  const other = Math.min(4 * entries, bounds.mostCandidates);
  const isByCreation = phase.column === "created_at";
  const timed = isByCreation ? Math.min(timesPerRow * entries, bounds.mostCandidates) : other;
  const isWalked = (operand: Criteria) => isByCreation && demandedTerms(operand).length > 0;
  const criteria = without(phase.criteria, (operand) => isWalked(operand) || hasRange(operand, phase.column));
  const candidates = await findCandidates(search.reader, criteria, search.place, { timed, other }, search.signal);
  return candidates && takeCandidates(search, part, candidates);
}

/**
 * Finds all that meets the criteria by creation, and sorts it. By creation a walk goes along the lists of terms, or it
 * reads the rows nearly in the order in which they are stored.
 * @returns undefined where much meets the criteria, so that the walk in the order of the page comes to its end
 */
async function takeByCreation(search: Search, part: Part): Promise<TakenRows | undefined> {
  const phase: Phase = { ...part.phase, column: "created_at", keys: "all" };
  const walk = new Walk(search, { ...part, phase, from: undefined, skip: 0, count: bounds.mostFoundByCreation + 1 });
  while (!(await walk.step())) await nextTurn();
  const { rows } = walk.taken();
  if (rows.length > bounds.mostFoundByCreation) return undefined;
  const ids = rows.map(({ id }) => id);
  return takeSorted(search, part, ids);
}

/** Leaves criteria out whose candidates are walked already. A walk begins and ends in the range of its own column. */
function without(criteria: Criteria, isWalked: (operand: Criteria) => boolean): Criteria {
  if (criteria.kind !== "and") return isWalked(criteria) ? everything : criteria;
  return { ...criteria, operands: criteria.operands.filter((operand) => !isWalked(operand)) };
}
