import type { Connection } from "../database/database.ts";
import { SluicePostgresAdapter } from "../database/postgres/postgres-adapter.ts";
import type { JobInputs, JobName } from "./job-table.ts";
import { insertSqliteJob } from "./sqlite/insert-sqlite-job.ts";

export interface EnqueueOptions {
  /** Not to run before so much time has passed. */
  readonly afterSeconds?: number;
  /**
   * In each span of this length, by the database's clock, there is one job of the name at most; more are dropped. Jobs of
   * one name that are bound so are in one lane.
   */
  readonly oncePerSeconds?: number;
  /** What it is done for: of the jobs in one lane a bounded number run at a time, where the job's record says so. */
  readonly lane?: string;
}

export interface NewJob extends EnqueueOptions {
  readonly name: string;
  readonly input: object;
}

/**
 * Puts a job into the transaction that the connection is in: it runs once that is committed, and never if it isn't
 * (docs/architecture.md decision 4).
 * @returns false when there was one in this span of time already
 */
export function enqueueJob<Name extends JobName>(
  connection: Connection,
  name: Name,
  input: JobInputs[Name],
  options: EnqueueOptions = {},
): Promise<boolean> {
  return insertJob(connection, { name, input, ...options });
}

/** A job with its input, where several go at once. */
export type NamedJob = {
  [Name in JobName]: EnqueueOptions & { readonly name: Name; readonly input: JobInputs[Name] };
}[JobName];

/** The same for several jobs, of which none is bound to a span of time. */
export async function enqueueJobs(
  connection: Connection,
  jobs: readonly (NamedJob & { readonly oncePerSeconds?: never })[],
): Promise<void> {
  if (jobs.length === 0) return;
  const { adapter } = connection.getExecutor();
  if (!(adapter instanceof SluicePostgresAdapter)) {
    for (const job of jobs) await insertSqliteJob(connection, job);
  } else {
    if (adapter.sendJobs === undefined) throw new Error("The job queue is not open.");
    await adapter.sendJobs(connection, jobs);
  }
}

/** The same for a name that only a table of another kind knows. The one place that asks which engine has the queue. */
export async function insertJob(connection: Connection, job: NewJob): Promise<boolean> {
  const { adapter } = connection.getExecutor();
  if (!(adapter instanceof SluicePostgresAdapter)) return insertSqliteJob(connection, job);
  if (adapter.sendJob === undefined) throw new Error("The job queue is not open.");
  return adapter.sendJob(connection, job);
}
