import { sql } from "kysely";
import { type Candidates, idsOf, nextByCreation } from "./candidates.ts";
import { pace } from "./pace.ts";
import { type FoundRow, type Part, type Search, selectAmong, type TakenRows } from "./search-part.ts";
import { nextTurn } from "./turns.ts";

/** Looks up the candidates, and takes what is asked for of those that are part of the search. */
export async function takeCandidates(search: Search, part: Part, candidates: Candidates): Promise<TakenRows> {
  if (candidates.isTimed && part.phase.column === "created_at") return takeInOrder(search, part, candidates);
  return takeSorted(search, part, await idsOf(search.reader, candidates));
}

/** The candidates come in the order of the page, so no more of them are looked up than it needs. */
async function takeInOrder(search: Search, part: Part, candidates: Candidates): Promise<TakenRows> {
  const rows: FoundRow[] = [];
  let [left, from] = [part.skip, part.from];
  for (let some = part.skip + part.count + pace.fewestEntries; ; some *= 4) {
    search.signal.throwIfAborted();
    const limit = Math.min(pace.idsAtOnce, some);
    const next = await nextByCreation(search.reader, candidates, part.phase, search, from, limit);
    if (next.length > 0) {
      const found = await selectAmong(search, part, sql.join(next.map(({ id }) => id)), limit);
      rows.push(...found.slice(left));
      left = Math.max(0, left - found.length);
    }
    from = next.at(-1);
    if (next.length < limit || rows.length >= part.count) return { rows: rows.slice(0, part.count), left };
    await nextTurn();
  }
}

/** Looks up all objects of a list in steps, and sorts those that are part of the search. */
export async function takeSorted(search: Search, part: Part, ids: readonly string[]): Promise<TakenRows> {
  const { skip, count } = part;
  const rows: FoundRow[] = [];
  for (let start = 0; start < ids.length; start += pace.idsAtOnce) {
    search.signal.throwIfAborted();
    if (start > 0) await nextTurn();
    const some = ids.slice(start, start + pace.idsAtOnce);
    rows.push(...(await selectAmong(search, part, sql.join(some), some.length)));
  }
  rows.sort(search.compare);
  return { rows: rows.slice(skip, skip + count), left: Math.max(0, skip - rows.length) };
}
