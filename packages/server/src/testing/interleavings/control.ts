import { join } from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import type { Config } from "../../config/config.ts";
import type { Schema } from "../../database/schema.ts";
import { NodeSqliteDialect } from "../../database/sqlite/node-sqlite-dialect.ts";
import { openForWriting } from "../../database/sqlite/open.ts";
import type { FindWaiting } from "./schedule.ts";

/** A connection beside those of the actors, which nobody suspends. */
export interface Control {
  readonly connection: Kysely<Schema>;
  readonly findWaiting: FindWaiting;
  /**
   * Has PostgreSQL leave off counting what accounts store. Which of the count's rows a file counts in follows from its
   * random id, so that two actors would meet there in some runs and not in others.
   */
  leaveUncounted(): Promise<void>;
  /** Takes all files, contents and used tokens away. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export function openControl({ dataDir, databaseUrl }: Config): Control {
  const connection =
    databaseUrl === undefined
      ? new Kysely<Schema>({ dialect: new NodeSqliteDialect(openForWriting(join(dataDir, "sluice.sqlite"))) })
      : new Kysely<Schema>({
          dialect: new PostgresDialect({ pool: openPool(databaseUrl) }),
        });
  return {
    connection,
    findWaiting:
      databaseUrl === undefined ? async () => new Set() : (pids, among) => waitingAmong(connection, pids, among),
    async leaveUncounted() {
      if (databaseUrl !== undefined) await sql`alter table versions disable trigger user`.execute(connection);
    },
    async clear() {
      await connection.transaction().execute(async (transaction) => {
        for (const table of ["versions", "files", "blobs", "used_tokens"] as const) {
          await transaction.deleteFrom(table).execute();
        }
      });
    },
    close: () => connection.destroy(),
  };
}

/** The database is dropped under whatever is still open, of which nobody needs to hear. */
function openPool(url: string): pg.Pool {
  const ignore = (): void => undefined;
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  return pool;
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
