import { findJobsOfAccount } from "../database/repositories/jobs.ts";
import type { JobOwner } from "./job.ts";
import type { JobsNeeds } from "./needs.ts";

const batch = 400;

type JobDatabase = Pick<JobsNeeds["database"], "reader" | "run">;

/**
 * Removes the account's jobs from the queue, those that have ended included. Its rows have to be there still: most jobs
 * name an event, a run or a purge and no account.
 * @param owners of all jobs
 * @returns how many there were
 */
export async function removeAccountJobs(
  database: JobDatabase,
  owners: readonly JobOwner[],
  accountId: string,
  signal: AbortSignal,
): Promise<number> {
  const { externalQueue } = database.reader.engine;
  const removeSome = externalQueue === undefined ? removeFromTable : removeFromBoss;
  for (let removed = 0; ; ) {
    signal.throwIfAborted();
    const count = await removeSome(database, owners, accountId);
    if (count === 0) return removed;
    removed += count;
  }
}

function removeFromBoss(database: JobDatabase, owners: readonly JobOwner[], accountId: string): Promise<number> {
  return database.run("removeBossJobs", { accountId, owners, limit: batch });
}

/** Looked for by the reader, so that the writer need not look through the whole queue. */
async function removeFromTable(database: JobDatabase, owners: readonly JobOwner[], accountId: string): Promise<number> {
  const keys = await findJobsOfAccount(database.reader, owners, accountId, batch);
  // One that a worker has taken meanwhile lies elsewhere by now, and is found again.
  if (keys.length > 0) await database.run("removeQueuedJobs", { keys });
  return keys.length;
}
