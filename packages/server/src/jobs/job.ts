import type { OwningTable } from "../database/account-tables.ts";
import type { RunningJob } from "./job-queue.ts";
import type { RecordedRules } from "./job-rules.ts";
import type { ReportProgress } from "./progress/report-progress.ts";

/** A job's name with the type of its input, which crosses the database as JSON. Scripts enqueue a job by its kind. */
export interface JobKind<Input extends object> {
  readonly name: string;
  /** Never set: it only carries the type. */
  readonly input?: Input;
}

export function jobKind<Input extends object>(name: string): JobKind<Input> {
  return { name };
}

/** The input of a recurring job. */
export type Nothing = Readonly<Record<string, never>>;

/**
 * Says which member of a job's input shows that the job belongs to an account, and in which table that member's value
 * is an id.
 */
export interface JobOwner<Member extends string = string> {
  readonly member: Member;
  readonly table: OwningTable;
  /** Whether a job that has the member is in the lane of that name. */
  readonly isLane?: true;
}

/** One run of a job. */
export interface JobRun<Input extends object> extends RunningJob {
  readonly input: Input;
  /** Whether a failure of this run is the job's last. */
  readonly isLast: boolean;
  /** Tells how far the job is, for a job whose record has `progressBy`. */
  readonly report: ReportProgress;
}

/** Everything that defines a job. A folder's jobs are in its `jobs.ts`; `app/jobs.ts` lists them all. */
export interface Job<Deps, Input extends object> extends RecordedRules {
  readonly kind: JobKind<Input>;
  /** The list is empty for a job that belongs to no account. An account's jobs are erased with the account. */
  readonly owners: readonly JobOwner<keyof Input & string>[];
  /** The member of the input by which others ask how far the job is (`findProgress`), for a job that tells it. */
  readonly progressBy?: keyof Input & string;
  /** The milliseconds until the next job, for a job that recurs, or undefined where it has nothing to do. */
  readonly everyMs?: (deps: Deps) => number | undefined;
  /**
   * Does the work. It may run again after it has succeeded (at least once), so doing it twice must have the same effect
   * as doing it once. The signal is aborted when the run takes too long, the lease is lost, or the process has to end (see
   * `whenStopped`).
   */
  readonly run: (deps: Deps, run: JobRun<Input>, signal: AbortSignal) => Promise<void>;
}

/** Checks a job's record against the types of its kind and of its needs. */
export function defineJob<Deps, Input extends object>(job: Job<Deps, Input>): Job<Deps, Input> {
  return job;
}
