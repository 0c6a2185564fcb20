import { type Kysely, sql } from "kysely";
import { DatabaseError } from "../database.ts";
import { migrationTables } from "./migration-tables.ts";
import type { SchemaDialect } from "./schema-dialect.ts";

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
