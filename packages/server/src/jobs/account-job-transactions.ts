import type { Connection } from "../database/database.ts";
import { deleteJobRows, type JobKey } from "../database/repositories/jobs.ts";
import { pageAccountJobs } from "./account-job-queries.ts";
import type { JobOwner } from "./job.ts";
import type { OwnedKind } from "./job-source.ts";
import { deleteBossJobs } from "./postgres/delete-boss-jobs.ts";

export function removeQueuedJobs(
  connection: Connection,
  { keys }: { readonly keys: readonly JobKey[] },
): Promise<void> {
  return deleteJobRows(connection, keys);
}

removeQueuedJobs.makesRoom = true;

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

/** The number of failed jobs that one transaction makes run again. */
const maxRetried = 1000;

/**
 * Makes failed jobs of the account run again, one or all of a name.
 * @returns how many there were
 */
export async function retryAccountJobs(
  connection: Connection,
  {
    kinds,
    accountId,
    which,
  }: {
    readonly kinds: readonly OwnedKind[];
    readonly accountId: string;
    readonly which: { readonly id: string } | { readonly name: string };
  },
): Promise<number> {
  const page = { accountId, state: "failed", limit: maxRetried } as const;
  const found = await pageAccountJobs(
    connection,
    "id" in which
      ? { ...page, kinds, id: which.id }
      : { ...page, kinds: kinds.filter(({ name }) => name === which.name) },
  );
  if (found.length === 0) return 0;
  const count = await connection.engine.outbox.retryFailed(connection, found);
  for (const { name } of found) connection.announced.add(name);
  return count;
}
