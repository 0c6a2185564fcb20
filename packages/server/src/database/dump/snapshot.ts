import { type RawBuilder, sql } from "kysely";
import type { Connection } from "../connection.ts";
import { migrationTables } from "../migrations/other-version.ts";
import { type DumpedTable, dumpOrder } from "./dumped-tables.ts";

/** The name of the last migration that ran. */
export async function lastMigration(connection: Connection): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(migrationTables.migrationTableName)} order by name desc limit 1
  `.execute(connection);
  return rows[0]?.name ?? "";
}

/** A value of a row, as both engines have it. */
export type Value = string | number | null | Uint8Array;

/** Some rows of a query, each with its values in the order of the columns. */
export interface RowBatch {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** The database at one moment. Writers go on meanwhile. */
export interface Snapshot {
  /** The last migration of the database. */
  readonly migration: string;
  /** Reads the same moment. */
  readonly connection: Connection;
  /** Reads a query's rows part by part. One query is read at a time. There is always a first batch, for its columns. */
  read(query: RawBuilder<unknown>): AsyncIterable<RowBatch>;
  close(): Promise<void>;
}

/** Reads all rows of a table. */
export function readTable(snapshot: Snapshot, table: DumpedTable): AsyncIterable<RowBatch> {
  const column = dumpOrder[table];
  const order = column === undefined ? sql`` : sql` order by ${sql.ref(column)}`;
  return snapshot.read(sql`select * from ${sql.table(table)}${order}`);
}

/** The id of the library, which a restored library keeps. */
export async function libraryOf({ connection }: Pick<Snapshot, "connection">): Promise<string> {
  return (await connection.selectFrom("console_instances").select("id").executeTakeFirstOrThrow()).id;
}
