import type { Database } from "../database/database.ts";
import { findJobsOfAccount } from "../database/repositories/jobs.ts";
import { removeBossJobs, removeQueuedJobs } from "./account-job-transactions.ts";
import type { JobOwner } from "./job.ts";

const batchSize = 400;

export type AccountJobDatabase = Database;

/**
 * Removes the account's jobs from the queue, including those that have ended. The account's rows must still be there,
 * because most jobs name an event, a run or a purge and no account.
 * @param owners those of all jobs
 * @returns how many jobs there were
 */
export async function removeAccountJobs(
  database: AccountJobDatabase,
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

function removeFromBoss(database: AccountJobDatabase, owners: readonly JobOwner[], accountId: string): Promise<number> {
  return database.run(removeBossJobs, { accountId, owners, limit: batchSize });
}

/** The reader finds the jobs, so that the writer need not search the whole queue. */
async function removeFromTable(
  database: AccountJobDatabase,
  owners: readonly JobOwner[],
  accountId: string,
): Promise<number> {
  const keys = await findJobsOfAccount(database.reader, owners, accountId, batchSize);
  // A job that a worker has taken meanwhile is in another place by now, and is found again.
  if (keys.length > 0) await database.run(removeQueuedJobs, { keys });
  return keys.length;
}
