import type { Connection } from "../database/database.ts";
import { deleteJobRows, type JobKey } from "../database/repositories/jobs.ts";
import type { JobOwner } from "./job.ts";
import { deleteBossJobs } from "./postgres/delete-boss-jobs.ts";

export function removeQueuedJobs(
  connection: Connection,
  { keys }: { readonly keys: readonly JobKey[] },
): Promise<void> {
  return deleteJobRows(connection, keys);
}

/** @returns how many jobs were removed, `limit` at most */
export function removeBossJobs(
  connection: Connection,
  {
    accountId,
    owners,
    limit,
  }: { readonly accountId: string; readonly owners: readonly JobOwner[]; readonly limit: number },
): Promise<number> {
  return deleteBossJobs(connection, owners, accountId, limit);
}
