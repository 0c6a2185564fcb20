import type { Connection } from "../database/database.ts";
import { deleteJobRows, type JobKey } from "../database/repositories/jobs.ts";
import { jobOwners } from "./job-owners.ts";
import { deleteBossJobs } from "./postgres/delete-boss-jobs.ts";

export function removeQueuedJobs(
  connection: Connection,
  { keys }: { readonly keys: readonly JobKey[] },
): Promise<void> {
  return deleteJobRows(connection, keys);
}

/** @returns how many went, `limit` at most */
export function removeBossJobs(
  connection: Connection,
  { accountId, limit }: { readonly accountId: string; readonly limit: number },
): Promise<number> {
  return deleteBossJobs(connection, jobOwners, accountId, limit);
}
