import type { UsedTime } from "../database/repositories/job-turns.ts";
import type { RunningJob } from "./job-queue.ts";

/** These rules say how a queue treats the jobs of one name. */
export interface JobRules {
  /** The number of times that a job is retried after it has failed. Then it becomes a dead letter. */
  readonly retries: number;
  /** The wait before the first retry. It doubles each time, up to `maxSeconds`, with jitter. */
  readonly backoff: { readonly firstSeconds: number; readonly maxSeconds: number };
  /**
   * The length of the lease: a worker without a sign of life for this long counts as dead, and another one takes its
   * job. At least 10.
   */
  readonly leaseSeconds: number;
  /** Ends a run that takes longer. */
  readonly runSeconds: number;
  /** Whether at most one job of this name runs at a time, on all nodes together. */
  readonly singleton: boolean;
  /** The number of jobs of this name that one process runs at a time. A process that runs none leaves them to others. */
  readonly concurrency: number;
  /**
   * The number of jobs of one lane that one process runs at a time, so that a lane of long jobs leaves room for the
   * others.
   */
  readonly laneConcurrency?: number;
  /**
   * The member of the input that names an account, for jobs that are shared out fairly among accounts: the next job is
   * one of an account that has fewest of this name running, and of those one that has used least time lately. An account has
   * at most one running while another one's waits. Such jobs have no lanes of their own.
   */
  readonly fairBy?: string;
  /**
   * The end of a run that is under way when the process has to end. A run that `returns` is aborted at once: it works in
   * steps, what it has done stays done, and another run goes on with the rest. A run that `finishes` is aborted only when
   * the time for that is over: what it has asked of somebody else would be asked for again.
   */
  readonly whenStopped: "returns" | "finishes";
  /** Both values on PostgreSQL, where each additional job at a time is one more worker that looks for jobs. */
  readonly onPostgres?: { readonly concurrency: number; readonly laneConcurrency: number };
}

/** The rules as a job's record has them. */
export interface RecordedRules extends Omit<JobRules, "concurrency"> {
  /** A number, or the name of the limit that holds it. */
  readonly concurrency: number | "encodes";
}

/** The rules of every job that a queue knows, by its name. */
export type JobTable = Readonly<Record<string, JobRules>>;

/** The time for which a dead letter is kept. */
export const deadLetterDays = 90;

/**
 * Milliseconds until the retry after this attempt, counted from 1. The delay doubles, and half of it is random, as with
 * pg-boss.
 */
export function retryDelayMs({ backoff }: Pick<JobRules, "backoff">, attempt: number, random = Math.random): number {
  const doubled = backoff.firstSeconds * 2 ** Math.min(16, attempt - 1);
  return 1000 * Math.min(backoff.maxSeconds, (doubled / 2) * (1 + random()));
}

/** The time that a run has used, for a job that is shared out fairly among accounts. */
export function usedTime(
  { fairBy }: Pick<JobRules, "fairBy">,
  { input }: Pick<RunningJob, "input">,
  ms: number,
): UsedTime | undefined {
  const accountId = fairBy === undefined ? undefined : (input as Readonly<Record<string, unknown>>)[fairBy];
  return typeof accountId === "string" ? { accountId, ms } : undefined;
}
