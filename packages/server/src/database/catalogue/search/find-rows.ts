import { bounds } from "./bounds.ts";
import { findCandidates } from "./candidates.ts";
import { type Criteria, everything } from "./criteria.ts";
import { hasRange } from "./key-ranges.ts";
import type { Phase } from "./order.ts";
import { demandedTerms } from "./ordered-lists.ts";
import type { Part, Search, TakenRows } from "./search-part.ts";
import { takeCandidates, takeSorted } from "./take-candidates.ts";
import { nextTurn } from "./turns.ts";
import { Walk } from "./walk.ts";

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
