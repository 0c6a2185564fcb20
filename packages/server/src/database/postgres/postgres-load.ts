import { sql } from "kysely";
import pg from "pg";
import { ConfigError } from "../../config/config-error.ts";
import { Connection } from "../connection.ts";
import { DatabaseError } from "../database.ts";
import type { Load } from "../dump/load.ts";
import { insertRows, settleAll } from "../dump/load.ts";
import { lastMigration } from "../dump/snapshot.ts";
import { hasAccounts } from "../repositories/accounts.ts";
import { type PoolLimits, restingConfig } from "./pool.ts";
import { PoolSockets } from "./pool-sockets.ts";
import { migratePostgres } from "./postgres-database.ts";
import { postgresDialect, postgresEngine } from "./postgres-dialect.ts";
import { Statements } from "./runner.ts";

const closeMs = 3000;

/**
 * Fills an empty database in one transaction.
 * @param migration the last migration of the rows to come
 * @param signal ends the wait for a database that hangs, or for whoever has locked it
 * @throws ConfigError when the database holds accounts already; DatabaseError when it can't be used; the signal's reason
 */
export async function openPostgresLoad(
  url: string,
  limits: PoolLimits,
  migration: string,
  signal: AbortSignal,
): Promise<Load> {
  const sockets = new PoolSockets();
  const client = new pg.Client({ ...restingConfig(url, limits), stream: sockets.create });
  client.on("error", () => undefined);
  const close = (): Promise<void> => sockets.endWithin(closeMs, () => client.end());
  const statements = new Statements();
  const connection = new Connection(
    postgresEngine(),
    postgresDialect((query) => statements.execute(client, query)),
  );
  try {
    await sockets.whileWanted(signal, async () => {
      await client.connect();
      // Tables that are there already are looked at before anything is done to them.
      await assertEmpty(client, connection, migration);
      await migratePostgres(url, limits, signal, undefined, migration);
      await client.query("begin; set local synchronous_commit = on");
      // A server that starts meanwhile waits before it makes an account.
      await client.query("lock table accounts in exclusive mode");
      await assertEmpty(client, connection, migration);
      await switchCounting(client, "disable");
    });
  } catch (error) {
    await close();
    signal.throwIfAborted();
    const isTold = error instanceof DatabaseError || error instanceof ConfigError;
    throw isTold ? error : new DatabaseError("The database can't be filled.", { cause: error });
  }
  return {
    connection,
    async clear(table) {
      await sql`delete from ${sql.table(table)}`.execute(connection);
    },
    insert: (rows) => insertRows(connection, rows),
    async finish() {
      await settleAll(connection);
      // A table with checks that have not been made can't be altered.
      await client.query("set constraints all immediate");
      await switchCounting(client, "enable");
      await client.query("commit");
      // Without figures of the new rows, the first searches would be slow. PostgreSQL gathers them itself in the end.
      await client.query("analyze").catch(() => undefined);
      await migratePostgres(url, limits);
    },
    close,
  };
}

/** The tables by which triggers count what accounts store. Every version that could make backups has both. */
const countedTables = ["versions", "trashed_versions"] as const;

/**
 * Switches the counting of what accounts store, because the counts are loaded as well. The triggers update the same few rows
 * for each version. PostgreSQL keeps every state of these rows until the transaction ends, and looks at all of them for the
 * next one, so the time would grow with the square of the number of versions.
 */
async function switchCounting(client: pg.Client, to: "disable" | "enable"): Promise<void> {
  for (const table of countedTables) await client.query(`alter table ${table} ${to} trigger user`);
}

/** @throws ConfigError when there are accounts, or tables of a later version than the rows to come */
async function assertEmpty(client: pg.Client, connection: Connection, migration: string): Promise<void> {
  const { rows } = await client.query("select to_regclass('accounts') is not null as there");
  if (rows[0]?.there !== true) return;
  if (await hasAccounts(connection))
    throw new ConfigError("--database-url must name an empty database: it holds accounts");
  const has = await lastMigration(connection);
  if (has > migration)
    throw new ConfigError(`--database-url must name an empty database: it has later tables (${has}) than the backup`);
}
