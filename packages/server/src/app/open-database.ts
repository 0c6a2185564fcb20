import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { migratePostgres, openPostgresDatabase } from "../database/postgres/postgres-database.ts";
import { migrateSqlite, openSqliteDatabase } from "../database/sqlite/sqlite-database.ts";
import { jobTable } from "../jobs/job-table.ts";
import { noProgress } from "../observability/progress.ts";
import { type SluiceDatabase, transactions } from "./transactions.ts";

/** Which database: PostgreSQL's when there is a URL, else the SQLite file in the folder. */
export type DatabaseLocation = Pick<Config, "dataDir" | "databaseUrl" | "limits">;

const transactionsUrl = new URL(`./transactions${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url)
  .href;

/**
 * @param signal gives up the wait for a PostgreSQL that hangs, or for another node's migration
 * @throws DatabaseError, or the signal's reason
 */
export async function openDatabase(
  { dataDir, databaseUrl, limits }: DatabaseLocation,
  signal?: AbortSignal,
): Promise<SluiceDatabase> {
  return databaseUrl === undefined
    ? openSqliteDatabase<typeof transactions>(sqlitePath(dataDir), transactionsUrl)
    : openPostgresDatabase(databaseUrl, transactions, limits, signal);
}

/** Brings the tables and the job queue up to this version. @returns the names of the migrations that ran now */
export async function migrateDatabase(
  { dataDir, databaseUrl, limits }: DatabaseLocation,
  progress = noProgress,
): Promise<string[]> {
  if (databaseUrl === undefined) return migrateSqlite(sqlitePath(dataDir), progress);
  const names = await migratePostgres(databaseUrl, limits, undefined, progress);
  await progress.begin("preparing the queue of jobs", "jobs");
  const { installBoss } = await import("../jobs/postgres/install-boss.ts");
  await installBoss(databaseUrl, limits, jobTable);
  return names;
}

/** @throws ConfigError when a command would have to make the file that it is to look into */
export async function assertDatabaseExists({ dataDir, databaseUrl }: DatabaseLocation): Promise<void> {
  if (databaseUrl !== undefined) return;
  await access(sqlitePath(dataDir)).catch(() => {
    throw new ConfigError(`--data-dir: there is no Sluice data in ${dataDir}; start the server once`);
  });
}

export function sqlitePath(dataDir: string): string {
  return join(dataDir, "sluice.sqlite");
}
