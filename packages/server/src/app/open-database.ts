import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import type { Database } from "../database/database.ts";
import { EarlierVersionError, NewerVersionError } from "../database/migrations/other-version.ts";
import { describeDatabaseUrl } from "../database/postgres/database-url.ts";
import { refuseEarlierFile } from "../database/sqlite/refuse-earlier-file.ts";
import { migrateSqlite, openSqliteDatabase, type SqliteOptions } from "../database/sqlite/sqlite-database.ts";
import { noProgress } from "../observability/progress.ts";
import { jobTable } from "./jobs.ts";

/**
 * The settings that decide which database is used: PostgreSQL when there is a URL, else the SQLite file in the folder.
 */
export type DatabaseLocation = Pick<Config, "dataDir" | "databaseUrl" | "limits">;

const transactionsUrl = new URL(`./transactions${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url)
  .href;

export interface DatabaseOptions {
  /** Ends the wait for a PostgreSQL that hangs, or for another node's migration. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether SQLite's writer does late work and keeps the reserve on the disk: a server's does, and that of a command
   * beside it must not.
   */
  readonly late?: boolean | undefined;
  /** Gets the failures of late work. */
  readonly logger?: Pick<Logger, "warn"> | undefined;
  /** Gets the seconds that each statement has taken with which this process reads. */
  readonly onRead?: ((seconds: number) => void) | undefined;
  /** Starts the thread of SQLite's writer, for tests that share their threads. */
  readonly startThread?: SqliteOptions["startThread"];
}

/**
 * @throws DatabaseError, or the signal's reason; ConfigError for a database of an earlier or a newer version
 */
export async function openDatabase(
  location: DatabaseLocation,
  { signal, late, logger, onRead, startThread }: DatabaseOptions = {},
): Promise<Database> {
  const { dataDir, databaseUrl, limits } = location;
  return namingOtherVersion(location, async () => {
    if (databaseUrl === undefined) {
      return openSqliteDatabase(sqlitePath(dataDir), transactionsUrl, {
        late,
        reserveBytes: late ? limits.databaseReserveBytes : 0,
        onRead,
        startThread,
        onLateFailure: (err) => logger?.warn({ err }, "files are found more slowly: the writer can't settle them"),
      });
    }
    const { openPostgresDatabase } = await importPostgres();
    return openPostgresDatabase(databaseUrl, limits, { signal, onRead });
  });
}

/**
 * Brings the tables and the job queue up to this version.
 * @returns the names of the migrations that ran now
 * @throws DatabaseError; ConfigError for a database of an earlier or a newer version
 */
export async function migrateDatabase(location: DatabaseLocation, progress = noProgress): Promise<string[]> {
  const { dataDir, databaseUrl, limits } = location;
  if (databaseUrl === undefined) {
    return namingOtherVersion(location, () => migrateSqlite(sqlitePath(dataDir), progress));
  }
  const { migratePostgres } = await importPostgres();
  const names = await namingOtherVersion(location, () => migratePostgres(databaseUrl, limits, undefined, progress));
  await progress.begin("preparing the queue of jobs", "jobs");
  const { installBoss } = await import("../jobs/postgres/install-boss.ts");
  await installBoss(databaseUrl, limits, jobTable);
  return names;
}

/**
 * Refuses SQLite's file of an earlier version before anything else in the data folder is touched. For PostgreSQL the
 * check is made when the database is opened.
 * @throws ConfigError for a database of an earlier or a newer version
 */
export async function refuseEarlierData(location: DatabaseLocation): Promise<void> {
  if (location.databaseUrl !== undefined) return;
  await namingOtherVersion(location, () => refuseEarlierFile(sqlitePath(location.dataDir)));
}

/** Loads PostgreSQL's driver, which a server on SQLite starts sooner without. */
function importPostgres() {
  return import("../database/postgres/postgres-database.ts");
}

/** The setting that leads to a database, and the database, for a line that says why it can't be used. */
export function describeLocation({ dataDir, databaseUrl }: Pick<DatabaseLocation, "dataDir" | "databaseUrl">): string {
  return databaseUrl === undefined
    ? `--data-dir: ${sqlitePath(dataDir)}`
    : `--database-url: ${describeDatabaseUrl(databaseUrl)}`;
}

/** Names the setting that leads to a database of a version that this one can't use. */
async function namingOtherVersion<Result>(location: DatabaseLocation, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof EarlierVersionError || error instanceof NewerVersionError)) throw error;
    const place = describeLocation(location);
    if (error instanceof NewerVersionError) {
      throw new ConfigError(
        `${place} was migrated by a newer version of Sluice (${error.migration}), and this version can't use it; use that version, or restore the backup from before the upgrade`,
        { cause: error },
      );
    }
    throw new ConfigError(
      `${place} is of an earlier version of Sluice that was never released, and this version can't use it; export its accounts with that version (sluice account export) or start with an empty place`,
      { cause: error },
    );
  }
}

/** @throws ConfigError when the file doesn't exist, since a command only reads it and must not make it */
export async function assertDatabaseExists({ dataDir, databaseUrl }: DatabaseLocation): Promise<void> {
  if (databaseUrl !== undefined) return;
  await access(sqlitePath(dataDir)).catch(() => {
    throw new ConfigError(`--data-dir: there is no Sluice data in ${dataDir}; start the server once`);
  });
}

/** @throws ConfigError when the file exists, since a restore never replaces a library */
export async function assertNoDatabase({ dataDir, databaseUrl }: DatabaseLocation): Promise<void> {
  if (databaseUrl !== undefined) return;
  const isThere = await access(sqlitePath(dataDir)).then(
    () => true,
    () => false,
  );
  if (isThere) throw new ConfigError(`--data-dir must name an empty folder: there is a library in ${dataDir} already`);
}

export function sqlitePath(dataDir: string): string {
  return join(dataDir, "sluice.sqlite");
}
