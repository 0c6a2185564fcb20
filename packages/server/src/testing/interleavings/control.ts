import { join } from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import type { Config } from "../../config/config.ts";
import type { Schema } from "../../database/schema.ts";
import { openForWriting } from "../../database/sqlite/open.ts";
import { NodeSqliteDialect } from "../../database/sqlite/sqlite-connection.ts";
import { openOtherPool } from "../other-pool.ts";
import type { FindWaiting } from "./schedule.ts";

/** A connection that belongs to no actor, and whose statements are never suspended. */
export interface Control {
  readonly connection: Kysely<Schema>;
  readonly findWaiting: FindWaiting;
  /**
   * Makes PostgreSQL stop counting the bytes that accounts store. A file's random id decides in which of the count's
   * rows it is counted, so two actors would meet there in some runs and not in others.
   */
  leaveUncounted(): Promise<void>;
  /** Deletes all files, contents, sessions and used tokens. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** A table that refers to another one comes before it. */
const clearedTables = [
  "catalogue_values",
  "catalogue_terms",
  "catalogue",
  "versions",
  "files",
  "trashed_versions",
  "trashed_files",
  "blobs",
  "upload_sessions",
  "used_tokens",
] as const;

export function openControl({ dataDir, databaseUrl }: Config): Control {
  const connection =
    databaseUrl === undefined
      ? new Kysely<Schema>({ dialect: new NodeSqliteDialect(openForWriting(join(dataDir, "sluice.sqlite"))) })
      : new Kysely<Schema>({
          dialect: new PostgresDialect({ pool: openOtherPool(databaseUrl, 1) }),
        });
  return {
    connection,
    findWaiting:
      databaseUrl === undefined ? async () => new Set() : (pids, among) => waitingAmong(connection, pids, among),
    async leaveUncounted() {
      if (databaseUrl === undefined) return;
      await sql`alter table versions disable trigger user`.execute(connection);
      await sql`alter table trashed_versions disable trigger user`.execute(connection);
    },
    async clear() {
      await connection.transaction().execute(async (transaction) => {
        for (const table of clearedTables) {
          await transaction.deleteFrom(table).execute();
        }
      });
    },
    close: () => connection.destroy(),
  };
}

async function waitingAmong(
  connection: Kysely<Schema>,
  pids: readonly number[],
  among: readonly number[],
): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ pid: number }>`
    select pid from unnest(${pids}::int[]) as pid where pg_blocking_pids(pid) && ${among}::int[]
  `.execute(connection);
  return new Set(rows.map(({ pid }) => pid));
}
