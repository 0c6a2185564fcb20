import type { Direction, SortColumn } from "./order.ts";

export interface Folder {
  readonly accountId: string;
  readonly path: string;
}

export interface MarksOrder<Column = SortColumn> {
  readonly column: Column;
  readonly direction: Direction;
  /** The number of marks that are wanted. */
  readonly count: number;
}

export interface Marks {
  readonly files: number;
  /** The number of files that have a key. The others come behind them, in both directions. */
  readonly total: number;
  /** Evenly spaced keys in the order of the list. */
  readonly keys: readonly (string | number)[];
}
