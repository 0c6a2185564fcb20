import type { OwningTable } from "../database/account-tables.ts";
import type { RunningJob } from "./job-queue.ts";
import type { JobRules } from "./job-rules.ts";

/** A job's name, with the type of what it is told, which crosses the database as JSON. Scripts enqueue by it. */
export interface JobKind<Input extends object> {
  readonly name: string;
  /** Never there: it carries the type. */
  readonly input?: Input;
}

export function jobKind<Input extends object>(name: string): JobKind<Input> {
  return { name };
}

/** What a recurring job is told. */
export type Nothing = Readonly<Record<string, never>>;

/** By which member of its input a job is known as an account's, and in whose rows that member's value is an id. */
export interface JobOwner<Member extends string = string> {
  readonly member: Member;
  readonly table: OwningTable;
}

/** One run of a job. */
export interface JobRun<Input extends object> extends RunningJob {
  readonly input: Input;
  /** Whether a failure of this run is the job's last. */
  readonly isLast: boolean;
}

/** All that there is to a job. A folder's jobs are in its `jobs.ts`; `app/jobs.ts` lists them all. */
export interface Job<Needs, Input extends object> extends JobRules {
  readonly kind: JobKind<Input>;
  /** Empty for a job that belongs to no account. An account's jobs are erased with it. */
  readonly owners: readonly JobOwner<keyof Input & string>[];
  /** For a job that recurs: milliseconds until there is to be another one, or undefined where it has nothing to do. */
  readonly everyMs?: (needs: Needs) => number | undefined;
  /**
   * Does it. It may run again after it has succeeded (at least once), so doing it twice must be the same as doing it
   * once. The signal is aborted when the run takes too long, the lease is lost, or the process has to end.
   */
  readonly run: (needs: Needs, run: JobRun<Input>, signal: AbortSignal) => Promise<void>;
}

/** Checks a job's record by the types of its kind and of what it needs. */
export function defineJob<Needs, Input extends object>(job: Job<Needs, Input>): Job<Needs, Input> {
  return job;
}
