import type { Connection, OutboxJob } from "../database/connection.ts";
import type { JobKind } from "./job.ts";

export type EnqueueOptions = Omit<OutboxJob, "name" | "input">;

/**
 * Puts a job into the connection's transaction. The job runs once the transaction is committed, and never if it isn't
 * (docs/architecture.md decision 4).
 * @returns false when there was already one in this span of time
 */
export function enqueueJob<Input extends object>(
  connection: Connection,
  kind: JobKind<Input>,
  input: NoInfer<Input>,
  options: EnqueueOptions = {},
): Promise<boolean> {
  return insertJob(connection, newJob(kind, input, options));
}

/** Makes a job with its input, for enqueuing several at once. */
export function newJob<Input extends object>(
  { name }: JobKind<Input>,
  input: NoInfer<Input>,
  options: EnqueueOptions = {},
): OutboxJob {
  return { name, input, ...options };
}

/** Enqueues several jobs, none of which is bound to a span of time. */
export async function enqueueJobs(connection: Connection, jobs: readonly OutboxJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await connection.engine.outbox.putAll(connection, jobs);
  for (const job of jobs) announce(connection, job);
}

/** Enqueues a job of which only the name is known. */
export async function insertJob(connection: Connection, job: OutboxJob): Promise<boolean> {
  const isNew = await connection.engine.outbox.put(connection, job);
  if (isNew) announce(connection, job);
  return isNew;
}

/** Tells the queue of the job once the job is committed. A job that isn't due by then is found when it is due. */
function announce({ announced }: Connection, { name, afterSeconds = 0 }: OutboxJob): void {
  if (afterSeconds <= 0) announced.add(name);
}
