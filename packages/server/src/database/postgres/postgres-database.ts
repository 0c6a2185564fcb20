import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { closeMs } from "../../concurrency/ended-within.ts";
import { noProgress } from "../../observability/progress.ts";
import { Announcements } from "../announcements.ts";
import { Connection, type ObserveSeconds } from "../connection.ts";
import { type Database, DatabaseError, DatabaseFullError, type Transaction } from "../database.ts";
import { migrateToLatest } from "../migrations/migrate.ts";
import { EarlierVersionError, NewerVersionError } from "../migrations/other-version.ts";
import { postgresSchema } from "../migrations/schema-dialect.ts";
import { describeDatabaseUrl } from "./database-url.ts";
import { failureOf, isDiskFull, retrying, retryingConflicts } from "./failure.ts";
import { resolveCommit } from "./lost-commit.ts";
import { clientConfig, openPool, type PoolLimits, patientConfig } from "./pool.ts";
import { PoolSockets } from "./pool-sockets.ts";
import { postgresDialect, postgresEngine } from "./postgres-dialect.ts";
import { Runner, Statements } from "./runner.ts";
import type { TransactionMark } from "./transaction.ts";

/** The first version with `pg_current_xact_id` and `pg_xact_status`, which tell the outcome of an unanswered COMMIT. */
const oldestVersion = 130_000;
const checkMs = 3000;
/** The time that a server may take to end, to recover and to answer again before waiting for it ends. */
const resolveMs = 20_000;

export interface PostgresOptions {
  /** Ends the wait for a database that hangs, or for another node's migration. */
  readonly signal?: AbortSignal | undefined;
  /** Gets the seconds that each statement has taken with which this process reads. */
  readonly onRead?: ObserveSeconds | undefined;
}

/**
 * Opens the PostgreSQL database that the URL names, and creates or migrates its tables. Throws DatabaseError when that
 * can't be done. Reads and transactions have connections of their own, so that neither waits for the other's.
 */
export async function openPostgresDatabase(
  url: string,
  limits: PoolLimits,
  { signal, onRead }: PostgresOptions = {},
): Promise<Database> {
  await migratePostgres(url, limits, signal);
  const size = Math.max(1, Math.floor(limits.databaseConnections / 2));
  const sockets = new PoolSockets();
  const pools = {
    read: openPool(url, size, limits, "read", sockets),
    write: openPool(url, size, limits, "write", sockets),
  };
  const cut = new AbortController();
  const statements = new Statements();
  const resolve = (mark: TransactionMark) =>
    resolveCommit(clientConfig(url, limits), mark, Math.min(2 * limits.databaseMs, resolveMs), cut.signal);
  const engine = postgresEngine();
  const readers = new Runner(pools.read, resolve, statements, engine);
  const writers = new Runner(pools.write, resolve, statements, engine);
  const running = new Set<Promise<unknown>>();
  let closing = false;

  const announcements = new Announcements();

  const reader = new Connection(
    engine,
    postgresDialect((query) =>
      readers.read(query).catch((error: unknown) => {
        // A faulty query is the program's fault, not the database's state.
        throw failureOf(error) === "fault" ? error : new DatabaseError("The database can't be read.", { cause: error });
      }),
    ),
    undefined,
    onRead,
  );

  async function run<Input, Output>(script: Transaction<Input, Output>, input: Input): Promise<Output> {
    if (closing) throw new DatabaseError("The database has been closed.");
    const task = writers.run(script, input);
    running.add(task);
    try {
      // A committed transaction stays committed, whatever a listener does.
      const { output, announced } = await task;
      queueMicrotask(() => announcements.tell(announced));
      return output;
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      throw new (isDiskFull(error) ? DatabaseFullError : DatabaseError)(`${script.name} failed`, { cause: error });
    } finally {
      running.delete(task);
    }
  }

  return {
    reader,
    run,
    listen: (listener) => announcements.listen(listener),
    async check() {
      await within(checkMs, sql`select 1 from accounts limit 1`.execute(reader));
    },
    async close() {
      closing = true;
      const end = async (): Promise<void> => {
        await Promise.allSettled(running);
        await Promise.all([pools.read.end(), pools.write.end()]);
      };
      await sockets.endWithin(closeMs, end, () => cut.abort());
    },
  };
}

async function within(ms: number, answer: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DatabaseError("The database doesn't answer.")), ms);
  try {
    await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}

/**
 * Migrates the tables to this version, or to the named migration. Of several processes that start at once, one migrates
 * and the others wait.
 * @returns the names of the migrations that ran now
 */
export async function migratePostgres(
  url: string,
  limits: PoolLimits,
  signal?: AbortSignal,
  progress = noProgress,
  last?: string,
): Promise<string[]> {
  const sockets = new PoolSockets();
  // A migration may take as long as it needs, and so may waiting for another node's migration.
  const pool = new pg.Pool({ ...patientConfig(url, limits), max: 1, stream: sockets.create });
  // The caller that waits for an answer is told what breaks. An event without a listener would end the process.
  pool.on("error", () => undefined).on("connect", (client) => client.on("error", () => undefined));
  const connection = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await sockets.whileWanted(signal, async () => {
      await retrying(async () => {
        signal?.throwIfAborted();
        await assertUsable(connection);
      });
      return retryingConflicts(async () => {
        signal?.throwIfAborted();
        return migrateToLatest(connection, postgresSchema, progress, last);
      });
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof EarlierVersionError || error instanceof NewerVersionError) throw error;
    // If a name has several addresses, each has failed in a way of its own.
    const cause = error instanceof AggregateError ? error.errors[0] : error;
    throw new DatabaseError(`Can't open the database: ${describeDatabaseUrl(url)}`, { cause });
  } finally {
    await connection.destroy();
  }
}

async function assertUsable(connection: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ version: number; encoding: string }>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding
  `.execute(connection);
  const [{ version, encoding } = { version: 0, encoding: "" }] = rows;
  if (version < oldestVersion) throw new Error("it must be PostgreSQL 13 or later");
  if (encoding !== "UTF8") throw new Error(`its encoding must be UTF8, not ${encoding}`);
}
