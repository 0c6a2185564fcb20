import { type Kysely, sql } from "kysely";
import { DatabaseError } from "../database.ts";
import { isPostgres } from "../dialect.ts";
import { migrationTables } from "./migration-tables.ts";

/** The database holds tables of a version that was never released. This version reads none of them, and leaves them alone. */
export class EarlierVersionError extends DatabaseError {
  override readonly name = "EarlierVersionError";

  constructor() {
    super("The database holds the tables of an earlier version that was never released.");
  }
}

/** Unreleased versions began with this migration, which made this table. */
const first = { migration: "0001-initial", table: "used_tokens" } as const;
/** Where the first of them kept which migrations had run: under kysely's own name, which another program may use as well. */
const kyselysTable = "kysely_migration";

/** Only reads. */
export async function isOfEarlierVersion(connection: Kysely<unknown>): Promise<boolean> {
  if (!(await isThere(connection, first.table))) return false;
  const { migrationTableName } = migrationTables;
  const table = (await isThere(connection, migrationTableName)) ? migrationTableName : kyselysTable;
  if (!(await isThere(connection, table))) return false;
  const { rows } = await sql`select 1 from ${sql.table(table)} where name = ${first.migration}`.execute(connection);
  return rows.length > 0;
}

async function isThere(connection: Kysely<unknown>, table: string): Promise<boolean> {
  const look = isPostgres(connection)
    ? sql`select 1 where to_regclass(${table}) is not null`
    : sql`select 1 from sqlite_master where type = 'table' and name = ${table}`;
  return (await look.execute(connection)).rows.length > 0;
}
