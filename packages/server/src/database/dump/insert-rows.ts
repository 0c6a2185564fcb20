import { sql } from "kysely";
import type { Connection } from "../connection.ts";
import type { RowsToLoad } from "./load.ts";

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
