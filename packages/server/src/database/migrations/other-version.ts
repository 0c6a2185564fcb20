import { type Kysely, sql } from "kysely";
import { DatabaseError } from "../database.ts";
import type { SchemaDialect } from "./schema-dialect.ts";

/**
 * The tables that record which migrations have run. The names are Sluice's alone, because another program may use the
 * same database.
 */
export const migrationTables = {
  migrationTableName: "sluice_migrations",
  migrationLockTableName: "sluice_migration_lock",
} as const;

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

/** A newer version has migrated the database. This version doesn't know its tables, and leaves them alone. */
export class NewerVersionError extends DatabaseError {
  override readonly name = "NewerVersionError";
  /** The newest of the migrations that this version doesn't know. */
  readonly migration: string;

  constructor(migration: string) {
    super("The database was migrated by a newer version.");
    this.migration = migration;
  }
}

/**
 * Looks which of the known migrations have run. The check only reads.
 * @returns the number of them
 * @throws NewerVersionError when a migration has run that is not among the known ones
 */
export async function countMigrations(
  connection: Kysely<unknown>,
  dialect: SchemaDialect,
  known: readonly string[],
): Promise<number> {
  const { migrationTableName: table } = migrationTables;
  if ((await dialect.tableNamed(table).execute(connection)).rows.length === 0) return 0;
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(table)} order by name desc`.execute(
    connection,
  );
  const newest = rows.find(({ name }) => !known.includes(name));
  if (newest !== undefined) throw new NewerVersionError(newest.name);
  return rows.length;
}
