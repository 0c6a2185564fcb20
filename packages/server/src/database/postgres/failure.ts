import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { StaleReadError } from "../database.ts";

/** The ways to deal with a failed statement. */
type Failure =
  /** The transaction was undone because of concurrent transactions. Another run sees what they did. */
  | "conflict"
  /** A row existed already. Another run sees it and takes the branch for it. */
  | "duplicate"
  /** The connection, or the server behind it, is gone. */
  | "lost"
  /** The server has no room, or took too long. */
  | "overloaded"
  /** The statement would fail again. */
  | "fault";

/**
 * The failures by SQLSTATE, or by its first two characters
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const states: Readonly<Record<string, Failure>> = {
  "40": "conflict", // serialization_failure, deadlock_detected
  "23503": "conflict", // foreign_key_violation: the row that it refers to was deleted meanwhile, or got a reference
  "23505": "duplicate", // unique_violation
  "08": "lost",
  "57P": "lost", // admin_shutdown, crash_shutdown, cannot_connect_now
  "25P03": "lost", // idle_in_transaction_session_timeout
  "25006": "lost", // read_only_sql_transaction: the primary has moved
  "0A000": "lost", // cached plan must not change result type: a migration ran; new connections plan anew
  "53": "overloaded",
  "55P03": "overloaded", // lock_not_available
  "57014": "overloaded", // query_canceled: statement_timeout
  "58": "overloaded",
};

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return "fault";
  if (error instanceof StaleReadError) return "conflict";
  if (error instanceof pg.DatabaseError) {
    const { code = "" } = error;
    return states[code] ?? states[code.slice(0, 3)] ?? states[code.slice(0, 2)] ?? "fault";
  }
  // The pool's own queue was too long. Waiting again would make it longer.
  if (error.message === "timeout exceeded when trying to connect") return "overloaded";
  return isNetworkError(error) || broken.test(error.message) ? "lost" : "fault";
}

/** The messages of `pg` about a connection that ended, or on which nothing came in time. */
const broken =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout)/;

/** Also accepts several such errors together, which occur if a name has more than one address. */
function isNetworkError(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && /^E[A-Z_]+$/.test(error.code);
}

/** Whether the server itself has answered that the statement failed, and its connection goes on. */
export function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === "ERROR";
}

/** Whether PostgreSQL's own disk is full (`disk_full`). */
export function isDiskFull(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "53100";
}

/**
 * The number of retries of an attempt, and about how long it waits before the first retry. Each wait is twice the last.
 */
const retries: Readonly<Record<Failure, { readonly times: number; readonly pauseMs: number }>> = {
  conflict: { times: 8, pauseMs: 5 },
  duplicate: { times: 6, pauseMs: 5 },
  lost: { times: 5, pauseMs: 50 },
  overloaded: { times: 0, pauseMs: 0 },
  fault: { times: 0, pauseMs: 0 },
};

/**
 * An attempt that fails after this time is not retried: the caller is better off with an error than with another
 * attempt that hangs.
 */
const budgetMs = 5000;

const conflictsOfLongAttempt = 4;

/**
 * Repeats an attempt that may take long, such as a migration, when transactions of other nodes have undone it. A server
 * may lock tables in another order than a migration does, and PostgreSQL ends one of the two then.
 * @param attempt must have changed nothing when it throws
 */
export async function retryingConflicts<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let count = 0; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (count >= conflictsOfLongAttempt || failureOf(error) !== "conflict") throw error;
      await sleep(100 * 2 ** count * (0.5 + Math.random()));
    }
  }
}

/** @param attempt must have changed nothing when it throws */
export async function retrying<Result>(attempt: () => Promise<Result>): Promise<Result> {
  const end = performance.now() + budgetMs;
  for (let count = 0; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      const { times, pauseMs } = retries[failureOf(error)];
      if (count >= times || performance.now() > end) throw error;
      // Each retries at a different time: attempts that collided once would collide again.
      await sleep(pauseMs * 2 ** count * (0.5 + Math.random()));
    }
  }
}
