import type { Connection } from "../connection.ts";
import type { DumpedTable } from "./dumped-tables.ts";
import type { Value } from "./snapshot.ts";

/** Rows of one table, each with its values in the order of the columns. */
export interface RowsToLoad {
  readonly table: DumpedTable;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** The filling of an empty database. Nobody sees any of it before it is finished. */
export interface Load {
  /** Its statements are part of the filling. */
  readonly connection: Connection;
  /** Removes the rows that migrations or triggers have put into the table. */
  clear(table: DumpedTable): Promise<void>;
  insert(rows: RowsToLoad): Promise<void>;
  /** Makes the whole filling visible and durable, with the tables as this version has them. */
  finish(): Promise<void>;
  /** Closes the database. What is not finished leaves nothing behind. */
  close(): Promise<void>;
}
