import { sql } from "kysely";
import { unnamed } from "../../unnamed.ts";
import { findCandidates } from "./candidates.ts";
import { idsInCommon } from "./common-terms.ts";
import { allOf, type Sql } from "./conditions-sql.ts";
import { type Criteria, everything } from "./criteria.ts";
import { rangesOf } from "./key-ranges.ts";
import type { Phase, Position } from "./order.ts";
import { demandedTerms, type OrderedList, orderedLists } from "./ordered-lists.ts";
import { pace } from "./pace.ts";
import { positionAfter } from "./position-after.ts";
import { between, comparePositions } from "./positions.ts";
import { type FoundRow, type Part, type Search, selectRows, type TakenRows } from "./search-part.ts";
import { skipFiles } from "./skip-files.ts";
import { nextStride } from "./stride.ts";
import { takeCandidates, takeSorted } from "./take-candidates.ts";
import { nextTurn } from "./turns.ts";

/** So many candidates are sorted by their times for what it costs to look up the row of one. */
const timesPerRow = 20;

/**
 * Finds the rows of one phase. Few candidates are looked up at once. Otherwise an index in the order of the phase is
 * walked. Nobody knows how far the next match is, so the longer the walk finds too little, the longer the lists of
 * candidates may be that are looked up instead. So a search costs a small multiple of what the better way costs.
 */
export async function findRows(search: Search, part: Part): Promise<TakenRows> {
  const { phase } = part;
  const few = pace.fewCandidates;
  const isByCreation = phase.column === "created_at";
  const walked = isByCreation ? demandedTerms(phase.criteria) : [];
  const bounds = { timed: isByCreation ? timesPerRow * few : few, other: few, walked };
  const criteria = without(phase.criteria, (operand) => isInRange(operand, phase));
  const candidates = await findCandidates(search.reader, criteria, search.place, bounds, search.signal);
  if (candidates !== undefined) return takeCandidates(search, part, candidates);
  const walk = new Walk(search, part);
  for (let looked = few; ; ) {
    if (await walk.step()) return walk.taken();
    await nextTurn();
    if (walk.entries < looked) continue;
    const other = await otherWay(search, walk.rest(), walk.entries);
    if (other !== undefined) return walk.taken(other);
    looked = 2 * walk.entries;
  }
}

/** @param entries how many entries the walk has looked at */
async function otherWay(search: Search, part: Part, entries: number): Promise<TakenRows | undefined> {
  const { phase } = part;
  const other = Math.min(4 * entries, pace.mostCandidates);
  const isByCreation = phase.column === "created_at";
  const timed = isByCreation ? Math.min(timesPerRow * entries, pace.mostCandidates) : other;
  if (entries < 2 * pace.mostCandidates) {
    const isWalked = (operand: Criteria) => isByCreation && demandedTerms(operand).length > 0;
    const criteria = without(phase.criteria, (operand) => isWalked(operand) || isInRange(operand, phase));
    const bounds = { timed, other };
    const candidates = await findCandidates(search.reader, criteria, search.place, bounds, search.signal);
    if (candidates !== undefined) return takeCandidates(search, part, candidates);
  }
  // By creation, the lists of the terms are walked already.
  if (isByCreation || entries < pace.entriesBeforeCommonTerms) return undefined;
  const ids = await idsInCommon(search.reader, phase.criteria, search.place, search.signal);
  return ids && takeSorted(search, part, ids);
}

/** Leaves criteria out whose candidates are walked already. */
function without(criteria: Criteria, isWalked: (operand: Criteria) => boolean): Criteria {
  if (criteria.kind !== "and") return isWalked(criteria) ? everything : criteria;
  return { ...criteria, operands: criteria.operands.filter((operand) => !isWalked(operand)) };
}

/** A walk begins and ends in the range of its own column. */
function isInRange(operand: Criteria, { column }: Phase): boolean {
  return operand.kind === "condition" && rangesOf(operand, column).length > 0;
}

/** A walk through the entries of a phase, a bounded number of them at a time. */
class Walk {
  readonly #search: Search;
  readonly #part: Part;
  readonly #lists: readonly OrderedList[];
  readonly #mostEntries: number;
  readonly #rows: FoundRow[] = [];
  #left: number;
  #position: Position | undefined;
  #step: number;
  /** The number of entries that it has looked at. */
  entries = 0;

  constructor(search: Search, part: Part) {
    this.#search = search;
    this.#part = part;
    this.#lists = orderedLists(part.phase, search.place);
    this.#left = part.skip;
    this.#position = part.from;
    this.#mostEntries = Math.max(
      pace.leastEntries,
      Math.min(pace.mostEntries, Math.floor(pace.tests / conditionsIn(part.phase.criteria))),
    );
    this.#step = Math.min(this.#mostEntries, Math.max(pace.firstEntries, part.count));
  }

  /** @returns whether everything is taken */
  async step(): Promise<boolean> {
    const { phase, filter, count, leavesOut } = this.#part;
    this.#search.signal.throwIfAborted();
    if (this.#left > this.#step && !leavesOut) {
      const skipped = await skipFiles(this.#search, phase, this.#lists, this.#position, this.#left);
      if (skipped !== undefined) {
        this.#left -= skipped.files;
        this.#position = skipped.position;
        return false;
      }
    }
    const begun = performance.now();
    const { list, end } = await this.#sparsest();
    const conditions = [...list.ofRows, ...between(list, phase, this.#search, this.#position, end), ...filter];
    if (this.#left >= this.#step) this.#left -= await this.#count(list.rows, conditions);
    else {
      const wanted = this.#left + count - this.#rows.length;
      const found = await selectRows(this.#search, phase, list, list.rows, conditions, wanted);
      this.#rows.push(...found.slice(this.#left));
      this.#left = Math.max(0, this.#left - found.length);
    }
    this.entries += this.#step;
    this.#position = end;
    this.#step = nextStride(this.#step, this.#mostEntries, performance.now() - begun, this.#search.reader);
    return end === undefined || this.#rows.length >= count;
  }

  /** The part of the search that is left. */
  rest(): Part {
    return { ...this.#part, from: this.#position, skip: this.#left, count: this.#part.count - this.#rows.length };
  }

  /** @param rest what was found in another way, after the walk's own rows */
  taken(rest: TakenRows = { rows: [], left: this.#left }): TakenRows {
    return { rows: [...this.#rows, ...rest.rows], left: rest.left };
  }

  /** Every match is in each of the lists. So the step goes along the one in which it comes furthest. */
  async #sparsest(): Promise<{ readonly list: OrderedList; readonly end: Position | undefined }> {
    let best: { readonly list: OrderedList; readonly end: Position | undefined } | undefined;
    const sign = this.#search.direction === "asc" ? 1 : -1;
    for (const list of this.#lists) {
      const end = await positionAfter(this.#search, this.#part.phase, list, this.#position, this.#step - 1);
      if (end === undefined) return { list, end };
      if (best?.end === undefined || sign * comparePositions(end, best.end) > 0) best = { list, end };
    }
    if (best === undefined) throw new Error("There is always a list.");
    return best;
  }

  async #count(from: Sql, conditions: readonly Sql[]): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      ${unnamed} select count(*) as count from ${from} where ${allOf(conditions)}
    `.execute(this.#search.reader);
    return Number(rows[0]?.count);
  }
}

function conditionsIn(criteria: Criteria): number {
  return criteria.kind === "condition" ? 1 : criteria.operands.reduce((sum, operand) => sum + conditionsIn(operand), 1);
}
