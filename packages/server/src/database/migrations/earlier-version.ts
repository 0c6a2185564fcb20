import { type Kysely, sql } from "kysely";
import { DatabaseError } from "../database.ts";
import { migrationTables } from "./migration-tables.ts";
import type { SchemaDialect } from "./schema-dialect.ts";

/**
 * The database contains tables of a version that was never released. This version doesn't read them and leaves them
 * alone.
 */
export class EarlierVersionError extends DatabaseError {
  override readonly name = "EarlierVersionError";

  constructor() {
    super("The database holds the tables of an earlier version that was never released.");
  }
}

/** Unreleased versions began with this migration, which created this table. */
const first = { migration: "0001-initial", table: "used_tokens" } as const;
/** The first of them recorded its migrations under kysely's own table name, which another program may use as well. */
const kyselysTable = "kysely_migration";

/** Whether the database is of an earlier version. The check only reads. */
export async function isOfEarlierVersion(connection: Kysely<unknown>, dialect: SchemaDialect): Promise<boolean> {
  const isThere = async (table: string) => (await dialect.tableNamed(table).execute(connection)).rows.length > 0;
  if (!(await isThere(first.table))) return false;
  const { migrationTableName } = migrationTables;
  const table = (await isThere(migrationTableName)) ? migrationTableName : kyselysTable;
  if (!(await isThere(table))) return false;
  const { rows } = await sql`select 1 from ${sql.table(table)} where name = ${first.migration}`.execute(connection);
  return rows.length > 0;
}
