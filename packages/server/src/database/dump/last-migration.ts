import { sql } from "kysely";
import type { Connection } from "../connection.ts";
import { migrationTables } from "../migrations/migration-tables.ts";

/** The name of the last migration that ran. */
export async function lastMigration(connection: Connection): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(migrationTables.migrationTableName)} order by name desc limit 1
  `.execute(connection);
  return rows[0]?.name ?? "";
}
