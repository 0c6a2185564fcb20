import type { Load } from "../database/dump/load.ts";
import type { Snapshot } from "../database/dump/snapshot.ts";
import { openSqliteLoad } from "../database/sqlite/sqlite-load.ts";
import { openSqliteSnapshot } from "../database/sqlite/sqlite-snapshot.ts";
import { jobTable } from "./jobs.ts";
import { type DatabaseLocation, sqlitePath } from "./open-database.ts";

/** Opens a snapshot of the database, beside a server that goes on. */
export async function openSnapshot({ dataDir, databaseUrl, limits }: DatabaseLocation): Promise<Snapshot> {
  if (databaseUrl === undefined) return openSqliteSnapshot(sqlitePath(dataDir));
  const { openPostgresSnapshot } = await import("../database/postgres/postgres-snapshot.ts");
  return openPostgresSnapshot(databaseUrl, limits);
}

/**
 * Begins to fill an empty database, with its queue of jobs.
 * @param migration the last migration of the rows to come
 * @param signal ends the wait for a database that hangs, or for whoever has locked it
 * @throws ConfigError when the database isn't empty; DatabaseError when it can't be filled; the signal's reason
 */
export async function openLoad(
  { dataDir, databaseUrl, limits }: DatabaseLocation,
  migration: string,
  signal: AbortSignal,
): Promise<Load> {
  if (databaseUrl === undefined) return openSqliteLoad(sqlitePath(dataDir), migration);
  const { openPostgresLoad } = await import("../database/postgres/postgres-load.ts");
  const load = await openPostgresLoad(databaseUrl, limits, migration, signal);
  try {
    const { installBoss } = await import("../jobs/postgres/install-boss.ts");
    await installBoss(databaseUrl, limits, jobTable, signal);
    const { openPostgresJobSender } = await import("../jobs/postgres/postgres-job-sender.ts");
    const sender = await openPostgresJobSender(load.connection, { troubled: () => undefined });
    return {
      ...load,
      async close() {
        await sender.close();
        await load.close();
      },
    };
  } catch (error) {
    await load.close();
    throw error;
  }
}
