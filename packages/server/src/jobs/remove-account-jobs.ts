import type { SluiceDatabase } from "../app/transactions.ts";
import { findJobsOfAccount } from "../database/repositories/jobs.ts";
import { jobOwners } from "./job-owners.ts";

const batch = 400;

/**
 * Removes the account's jobs from the queue, those that have ended included. Its rows have to be there still: most jobs
 * name an event, a run or a purge and no account.
 * @returns how many there were
 */
export async function removeAccountJobs(
  database: SluiceDatabase,
  accountId: string,
  signal: AbortSignal,
): Promise<number> {
  const removeSome = database.reader.engine.externalQueue === undefined ? removeFromTable : removeFromBoss;
  for (let removed = 0; ; ) {
    signal.throwIfAborted();
    const count = await removeSome(database, accountId);
    if (count === 0) return removed;
    removed += count;
  }
}

function removeFromBoss(database: SluiceDatabase, accountId: string): Promise<number> {
  return database.run("removeBossJobs", { accountId, limit: batch });
}

/** Looked for by the reader, so that the writer need not look through the whole queue. */
async function removeFromTable(database: SluiceDatabase, accountId: string): Promise<number> {
  const keys = await findJobsOfAccount(database.reader, jobOwners, accountId, batch);
  // One that a worker has taken meanwhile lies elsewhere by now, and is found again.
  if (keys.length > 0) await database.run("removeQueuedJobs", { keys });
  return keys.length;
}
