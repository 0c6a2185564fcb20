import { sql } from "kysely";
import type { Connection } from "../connection.ts";
import { termsOf } from "../search-index/entry.ts";
import { insertTerms } from "../search-index/write-entries.ts";
import type { DumpedTable } from "./dumped-tables.ts";
import type { Value } from "./snapshot.ts";

/** The number of parameters of one statement. Either database takes more. */
const maxParameters = 10_000;

/** Inserts rows by statements of many rows each. */
export async function insertRows(connection: Connection, { table, columns, rows }: RowsToLoad): Promise<void> {
  const names = sql.join(columns.map((column) => sql.id(column)));
  const atOnce = Math.max(1, Math.floor(maxParameters / columns.length));
  for (let start = 0; start < rows.length; start += atOnce) {
    const some = rows.slice(start, start + atOnce).map((row) => sql`(${sql.join(row)})`);
    await sql`insert into ${sql.table(table)} (${names}) values ${sql.join(some)}`.execute(connection);
  }
}

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

const pageSize = 500;

/** Settles the rows of the search index that SQLite's writer had left for later. PostgreSQL has no such rows. */
export async function settleAll(connection: Connection): Promise<void> {
  for (;;) {
    const rows = await connection
      .selectFrom("catalogue")
      .selectAll()
      .where("settled", "is", null)
      .limit(pageSize)
      .execute();
    for (const row of rows) {
      await insertTerms(connection, row, [...termsOf(row)]);
      await connection
        .updateTable("catalogue")
        .set({ settled: 1 })
        .where("scope", "=", row.scope)
        .where("id", "=", row.id)
        .execute();
    }
    if (rows.length < pageSize) return;
  }
}
