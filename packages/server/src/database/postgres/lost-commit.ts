import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { PoolSockets } from "./pool-sockets.ts";
import type { TransactionMark } from "./transaction.ts";

/**
 * Returns the history of the cluster that the server goes on with. Within one history, no transaction number is given
 * twice. A replica that takes over begins a new history, in which it gives the numbers that had not reached it to other
 * transactions. A server that comes back from a crash also begins a new history: it gives again the numbers of
 * transactions of which nothing had reached the disk. That is when PostgreSQL begins to count its statistics anew.
 */
export async function historyOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ started: string; counted: string | null }>(
    `select extract(epoch from pg_postmaster_start_time())::text as started,
      (select extract(epoch from stats_reset)::text from pg_stat_bgwriter) as counted`,
  );
  const { started, counted } = rows[0] ?? {};
  return [(await timelineOf(client)) ?? started, counted ?? started].join(" ");
}

/** @returns undefined on a replica, and where the service has no timelines (Aurora) */
async function timelineOf(client: pg.ClientBase): Promise<string | undefined> {
  try {
    const { rows } = await client.query<{ timeline: string }>(
      "select left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline",
    );
    return rows[0]?.timeline;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return undefined;
    throw error;
  }
}

const pauseMs = 100;
/** The time that a server may take to end the connection once it has answered: it may hang by then. */
const endMs = 1000;

export type CommitFate = "committed" | "aborted" | undefined;

/**
 * Finds out whether a transaction whose COMMIT got no answer was committed. It asks on a new connection until the
 * database says so. A transaction that waits for a COMMIT which never reached it is ended first: its server process may
 * not have noticed yet that nobody listens. A transaction that is committing is let be: if it were ended while it waits
 * for a synchronous replica, it would count as committed without being on the replica.
 * @param patienceMs how long a server may take to end, to recover and to answer again
 * @param givenUp aborted when nobody waits for it any more
 * @returns undefined when the database did not come back in time, or no longer knows
 */
export async function resolveCommit(
  config: pg.ClientConfig,
  mark: TransactionMark,
  patienceMs: number,
  givenUp?: AbortSignal,
): Promise<CommitFate> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline && givenUp?.aborted !== true) {
    const status = await askOnce(config, mark).catch(() => "unreachable");
    if (status === "committed" || status === "aborted") return status;
    if (status === "forgotten") return undefined;
    await sleep(pauseMs);
  }
  return undefined;
}

const endAbandoned = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where pid = $1 and backend_xid = $2::xid8::xid and state like 'idle in transaction%'`;

type Status = "committed" | "aborted" | "in progress" | "forgotten";

async function askOnce(config: pg.ClientConfig, { xid, pid, history }: TransactionMark): Promise<Status> {
  const sockets = new PoolSockets();
  const times = { connectionTimeoutMillis: 2000, query_timeout: 2000 } as const;
  const client = new pg.Client({ ...config, ...times, stream: sockets.create });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query(endAbandoned, [pid, xid]);
    const status = await statusOf(client, xid);
    // In another history the number may have become another transaction's. If our transaction were in that history, the
    // number would still be its own, so "aborted" holds.
    return status === "committed" && (await historyOf(client)) !== history ? "forgotten" : status;
  } finally {
    await sockets.endWithin(endMs, () => client.end());
  }
}

/**
 * @throws PostgreSQL's error that a number is still to be given, if a replica says so: it may only not have heard of it
 *   yet. From a primary that is certain, and means "aborted".
 */
async function statusOf(client: pg.Client, xid: string): Promise<Status> {
  try {
    const { rows } = await client.query<{ status: Status | null }>("select pg_xact_status($1::xid8) as status", [xid]);
    return rows[0]?.status ?? "forgotten";
  } catch (error) {
    if (!isInTheFuture(error)) throw error;
    // Nothing of the transaction had reached the disk before a crash. But a replica may just not have heard of it yet.
    const { rows } = await client.query<{ replica: boolean }>("select pg_is_in_recovery() as replica");
    if (rows[0]?.replica !== false) throw error;
    return "aborted";
  }
}

const invalidParameterValue = "22023";

function isInTheFuture(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === invalidParameterValue;
}
