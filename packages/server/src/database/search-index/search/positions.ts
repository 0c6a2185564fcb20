import { sql } from "kysely";
import { inRange, type Sql } from "./conditions-sql.ts";
import type { Direction, Phase, Position } from "./order.ts";
import type { Range } from "./ranges.ts";

/** The columns by which entries are in order. */
export interface KeyColumns {
  readonly key: Sql;
  readonly id: Sql;
}

/** The way in which one scope is gone through. */
export interface Way {
  readonly scope: 0 | 1;
  readonly direction: Direction;
}

export function orderBy({ key, id }: KeyColumns, { direction }: Way): Sql {
  return sql`${key} ${sql.raw(direction)}, ${id} ${sql.raw(direction)}`;
}

export function keysOf({ keys }: Phase, { key }: KeyColumns): Sql[] {
  if (keys === "all") return [];
  return [keys === "some" ? sql`${key} is not null` : sql`${key} is null`];
}

export function beyond(columns: KeyColumns, phase: Phase, way: Way, position: Position | undefined): Sql[] {
  if (position === undefined) return [];
  // Of two objects with one key and one id, that of the lower scope comes first in the order of ids.
  const isAfter = way.direction === "asc" ? way.scope > position.scope : way.scope < position.scope;
  return compared(columns, phase, position, `${way.direction === "asc" ? ">" : "<"}${isAfter ? "=" : ""}`);
}

/** Entries of a list that come after one position, up to another one, and in the list's range. */
export function between(
  list: KeyColumns & { readonly range: Range<string | number> },
  phase: Phase,
  way: Way,
  after: Position | undefined,
  end?: Position,
): Sql[] {
  const { from, before } = list.range;
  const isAscending = way.direction === "asc";
  // A position is in the range already. SQLite would take the range's bound for the index, and not the position.
  const hasFrom = isAscending ? after === undefined : end === undefined;
  const hasBefore = isAscending ? end === undefined : after === undefined;
  const left = { from: hasFrom ? from : undefined, before: hasBefore ? before : undefined };
  const isBounded = left.from !== undefined || left.before !== undefined;
  return [
    ...(isBounded ? [inRange(list.key, left)] : []),
    ...(isBounded || (after ?? end) !== undefined ? nullKeys(phase, list) : keysOf(phase, list)),
    ...beyond(list, phase, way, after),
    ...(end === undefined ? [] : compared(list, phase, end, isAscending ? "<=" : ">=")),
  ];
}

/** Comparisons find no nulls. */
function nullKeys(phase: Phase, columns: KeyColumns): Sql[] {
  return phase.keys === "null" ? keysOf(phase, columns) : [];
}

/**
 * Both databases begin at the very entry, however many entries have its key. Beside a comparison of the key alone, which
 * is implied, SQLite would go through all of those.
 */
function compared({ key, id }: KeyColumns, { keys }: Phase, position: Position, operator: string): Sql[] {
  if (keys === "null") return [sql`${id} ${sql.raw(operator)} ${position.id}`];
  return [sql`(${key}, ${id}) ${sql.raw(operator)} (${position.key}, ${position.id})`];
}

/** Compares positions of one phase in ascending order. */
export function comparePositions(one: Position, other: Position): number {
  return compareKeys(one.key, other.key) || compareIds(one.id, other.id) || one.scope - other.scope;
}

function compareKeys(one: Position["key"], other: Position["key"]): number {
  if (typeof one === "string" && typeof other === "string") return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return Number(one ?? 0) - Number(other ?? 0);
}

function compareIds(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
