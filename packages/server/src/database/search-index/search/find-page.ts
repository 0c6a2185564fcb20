import type { Viewer } from "../../../access/viewer.ts";
import type { Connection } from "../../database.ts";
import { type Criteria, criteriaFor, nothing } from "./criteria.ts";
import { findRows } from "./find-rows.ts";
import { type Direction, type Position, phasesOf, rankOf, type Sort } from "./order.ts";
import { comparePositions } from "./positions.ts";
import { type FoundRow, type Search, withFreshRows } from "./search-part.ts";

export type { FoundRow } from "./search-part.ts";

export interface PageQuery {
  readonly viewer: Viewer;
  readonly criteria: Criteria;
  readonly sort: Sort;
  readonly limit: number;
  readonly skip: number;
  /** The page begins after this position, or ends before it. */
  readonly from?: { readonly position: Position; readonly towards: "next" | "previous" } | undefined;
}

export interface FoundPage {
  readonly rows: readonly FoundRow[];
  /** Whether there are rows beyond the page, in the direction in which it was looked for. */
  readonly hasMore: boolean;
}

/** Finds one page. It looks at a bounded number of entries at a time, so that other requests go on in between. */
export async function findPage(reader: Connection, query: PageQuery, signal: AbortSignal): Promise<FoundPage> {
  const wanted = query.limit + 1;
  const scopes = scopesOf(query);
  const backwards = query.from?.towards === "previous";
  const [only] = scopes;
  let rows: readonly FoundRow[];
  if (only === undefined) rows = [];
  else if (scopes.length === 1) rows = await takeRows(reader, query, only, signal, { skip: query.skip, count: wanted });
  else {
    const parts: FoundRow[] = [];
    for (const scope of scopes) {
      parts.push(...(await takeRows(reader, query, scope, signal, { skip: 0, count: query.skip + wanted })));
    }
    rows = parts.sort(comparing(query.sort, backwards)).slice(query.skip, query.skip + wanted);
  }
  const page = rows.slice(0, query.limit);
  return { rows: backwards ? page.reverse() : page, hasMore: rows.length > query.limit };
}

/** A scope, and the criteria that are left to test there. */
interface Scope {
  readonly scope: 0 | 1;
  readonly criteria: Criteria;
}

/**
 * The scopes in which anything can meet the criteria. Lists and counts begin here, so this is where a viewer who may see
 * some folders alone brings one more criterion.
 */
export function scopesOf({ criteria }: Pick<PageQuery, "viewer" | "criteria">): Scope[] {
  const scopes: Scope[] = [
    { scope: 0, criteria: criteriaFor(criteria, ["file", "folder"]) },
    { scope: 1, criteria: criteriaFor(criteria, ["file-version"]) },
  ];
  return scopes.filter((scope) => scope.criteria !== nothing);
}

/** @returns the next rows of one scope after the first `skip`, at most `count` of them */
async function takeRows(
  reader: Connection,
  { viewer, sort, from }: PageQuery,
  { scope, criteria }: Scope,
  signal: AbortSignal,
  { skip, count }: { readonly skip: number; readonly count: number },
): Promise<FoundRow[]> {
  const backwards = from?.towards === "previous";
  const search: Search = {
    reader,
    signal,
    scope,
    place: { viewer, scope },
    direction: backwards ? opposite(sort.direction) : sort.direction,
    compare: comparing(sort, backwards),
  };
  const rank = (phase: number) => rankOf(sort, phase) * (backwards ? -1 : 1);
  const rows: FoundRow[] = [];
  let left = skip;
  const phases = phasesOf(sort, criteria);
  for (const phase of backwards ? phases.toReversed() : phases) {
    const order = from === undefined ? 1 : rank(phase.number) - rank(from.position.phase);
    if (order < 0) continue;
    const part = { phase, from: order === 0 ? from?.position : undefined, skip: left, count: count - rows.length };
    const found = await withFreshRows(search, part, (settled) => findRows(search, settled));
    left = found.left;
    rows.push(...found.rows);
    if (rows.length >= count) break;
  }
  return rows;
}

function opposite(direction: Direction): Direction {
  return direction === "asc" ? "desc" : "asc";
}

/** Compares rows of different scopes or phases as the list orders them. */
function comparing(sort: Sort, backwards: boolean) {
  const forwards = backwards ? -1 : 1;
  const sign = sort.direction === "asc" ? forwards : -forwards;
  return (one: FoundRow, other: FoundRow): number =>
    forwards * (rankOf(sort, one.phase) - rankOf(sort, other.phase)) || sign * comparePositions(one, other);
}
