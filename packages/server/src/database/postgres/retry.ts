import { setTimeout as sleep } from "node:timers/promises";
import { type Failure, failureOf } from "./failure.ts";

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
