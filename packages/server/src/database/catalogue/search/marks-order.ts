import type { Direction, SortColumn } from "./order.ts";

export interface Folder {
  readonly accountId: string;
  readonly path: string;
}

export interface MarksOrder {
  readonly column: SortColumn;
  readonly direction: Direction;
  /** The number of marks that are wanted. */
  readonly count: number;
}

export interface Marks {
  /** The number of files that have a key. */
  readonly total: number;
  /** Evenly spaced keys in the order of the list. */
  readonly keys: readonly (string | number)[];
}
