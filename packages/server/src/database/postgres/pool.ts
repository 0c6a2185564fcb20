import pg from "pg";
import { PoolSockets } from "./pool-sockets.ts";

export interface PoolLimits {
  /** Connections of this process, for reading and for transactions together. */
  readonly databaseConnections: number;
  /** Milliseconds that a connection, a lock and a statement may each take. */
  readonly databaseMs: number;
}

/** A longer wait doesn't make a connection succeed, however long a statement may take. */
const connectMs = 10_000;
/**
 * This side waits this much longer for an answer than the server does. A server that hangs doesn't keep its own time.
 */
const answerGraceMs = 2000;

/** Settings that all connections share. The same settings in the URL win. */
export function clientConfig(url: string, limits: PoolLimits): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: "sluice",
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: Math.min(limits.databaseMs, connectMs),
    statement_timeout: limits.databaseMs,
    lock_timeout: limits.databaseMs,
    idle_in_transaction_session_timeout: limits.databaseMs,
    query_timeout: limits.databaseMs + answerGraceMs,
    types: { getTypeParser },
  };
}

/** The settings of a connection that may take as long as it needs for a statement or a lock. */
export function patientConfig(url: string, limits: PoolLimits): pg.ClientConfig {
  return { ...clientConfig(url, limits), statement_timeout: 0, lock_timeout: 0, query_timeout: 0 };
}

/** The settings of a patient connection that may also rest in a transaction while its user works. */
export function restingConfig(url: string, limits: PoolLimits): pg.ClientConfig {
  return { ...patientConfig(url, limits), idle_in_transaction_session_timeout: 0 };
}

export function openPool(
  url: string,
  size: number,
  limits: PoolLimits,
  access: "read" | "write",
  sockets = new PoolSockets(),
): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(url, limits),
    stream: sockets.create,
    max: size,
    idleTimeoutMillis: 60_000,
    onConnect: async (client) => {
      // A broken connection reports its error to its next user. An event without a listener would end the process.
      client.on("error", ignore);
      await client.query(sessionSettings[access]);
    },
  });
  pool.on("error", ignore);
  return pool;
}

const sessionSettings = {
  // Lists and searches are made of small look-ups in indexes. By the standard price of a page that is out of order, which
  // is that of a turning disk, the planner would read whole tables instead.
  read: `set default_transaction_read_only = on;
    select set_config('random_page_cost', '1.1', false) where current_setting('random_page_cost') = '4'`,
  // An acknowledgement is a promise: a COMMIT that returns before the log is on disk would break it
  // (docs/architecture.md decision 2).
  write: "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'",
} as const;

function ignore(): void {}

const { builtins } = pg.types;

/** Parses either spelling that `bytea_output` may ask for. */
const parseBytes: (text: string) => Buffer = pg.types.getTypeParser(builtins.BYTEA);

/** Rows have the same types as SQLite's: whole numbers as numbers, bytes as Uint8Array. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [builtins.INT8]: Number,
  [builtins.BYTEA]: (text) => Uint8Array.from(parseBytes(text)),
};

function getTypeParser(oid: number, format?: "text" | "binary"): never {
  return (parsers[oid] ?? pg.types.getTypeParser(oid, format as "text")) as never;
}
