import { sql } from "kysely";
import type { Viewer } from "../../../access/viewer.ts";
import type { Connection } from "../../database.ts";
import { unprepared } from "../../prepared.ts";
import { allOf } from "./conditions-sql.ts";
import type { Criteria } from "./criteria.ts";
import type { Direction, Phase, Position, SortColumn } from "./order.ts";
import { type OrderedList, orderedLists } from "./ordered-lists.ts";
import { between } from "./positions.ts";
import type { Search } from "./search-part.ts";

export interface Folder {
  readonly viewer: Viewer;
  readonly path: string;
}

export interface ScrollKeyOrder<Column = SortColumn> {
  readonly column: Column;
  readonly direction: Direction;
  /** The number of marks that are wanted. */
  readonly count: number;
}

export interface ScrollKeys {
  readonly files: number;
  /** The number of files that have a key. The others come behind them, in both directions. */
  readonly total: number;
  /** Evenly spaced keys in the order of the list. */
  readonly keys: readonly (string | number)[];
}

/** The orders in which a folder has an index of its own. */
export type IndexedColumn = "created_at" | "name";

/** An index that has the entries of one folder, one after another. */
export interface FolderIndex {
  readonly search: Search;
  readonly phase: Phase;
  readonly list: OrderedList;
}

/** The index of a folder's entries by creation or by name. */
export function folderIndex(
  reader: Connection,
  { viewer, path }: Folder,
  column: IndexedColumn,
  direction: "asc" | "desc",
  signal: AbortSignal,
): FolderIndex {
  const place = { viewer, scope: 0 } as const;
  const search: Search = { reader, place, scope: 0, direction, signal, compare: () => 0 };
  const phase: Phase = { number: 0, column, keys: "all", criteria: inFolder(path) };
  // A folder has a list of its own by creation and by name, so the first one is that.
  return { search, phase, list: orderedLists(phase, place)[0] as OrderedList };
}

function inFolder(path: string): Criteria {
  return { kind: "condition", field: "path", negated: false, test: { kind: "among", values: [path] } } as Criteria;
}

/** The number of entries that follow a position. */
export async function countAfter({ search, phase, list }: FolderIndex, from: Position | undefined): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    ${unprepared} select count(*) as count from ${list.entries} where ${allOf([...list.own, ...between(list, phase, search, from)])}
  `.execute(search.reader);
  return Number(rows[0]?.count);
}
