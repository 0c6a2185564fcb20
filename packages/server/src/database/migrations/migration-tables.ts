import { type Kysely, sql } from "kysely";
import { isPostgres } from "../dialect.ts";

/** Where it is kept which migrations have run: names that are nobody else's, should the database be another program's as well. */
export const migrationTables = {
  migrationTableName: "sluice_migrations",
  migrationLockTableName: "sluice_migration_lock",
} as const;

/** Where earlier versions kept it: kysely's own names. */
const earlier = { migrations: "kysely_migration", lock: "kysely_migration_lock" } as const;
/** Whose migrations they are can be told by the first one and by what it made. */
const first = { migration: "0001-initial", table: "used_tokens" } as const;

/** The lock under which kysely migrates, earlier versions included. */
const lock = sql.lit(BigInt("3853314791062309107"));

/** Gives the tables of an earlier version their names of today. Those of another program that uses kysely are let be. */
export async function adoptMigrationTables(database: Kysely<unknown>): Promise<void> {
  if (await isThere(database, migrationTables.migrationTableName)) return;
  await database.transaction().execute(async (transaction) => {
    if (isPostgres(transaction)) await sql`select pg_advisory_xact_lock(${lock})`.execute(transaction);
    if (await isThere(transaction, migrationTables.migrationTableName)) return;
    if (!(await isOurs(transaction))) return;
    const { schema } = transaction;
    await schema.alterTable(earlier.migrations).renameTo(migrationTables.migrationTableName).execute();
    await schema.alterTable(earlier.lock).renameTo(migrationTables.migrationLockTableName).execute();
  });
}

async function isOurs(connection: Kysely<unknown>): Promise<boolean> {
  for (const table of [earlier.migrations, earlier.lock, first.table]) {
    if (!(await isThere(connection, table))) return false;
  }
  const { rows } = await sql`
    select 1 from ${sql.table(earlier.migrations)} where name = ${first.migration}
  `.execute(connection);
  return rows.length > 0;
}

async function isThere(connection: Kysely<unknown>, table: string): Promise<boolean> {
  const look = isPostgres(connection)
    ? sql`select 1 where to_regclass(${table}) is not null`
    : sql`select 1 from sqlite_master where type = 'table' and name = ${table}`;
  return (await look.execute(connection)).rows.length > 0;
}
