import { sql } from "kysely";
import type { Connection } from "../database/database.ts";
import { deleteJobRows, type JobKey } from "../database/repositories/jobs.ts";
import { pageAccountJobs } from "./account-job-queries.ts";
import type { JobOwner } from "./job.ts";
import { bossSchema, hasBossTable, type OwnedKind } from "./job-source.ts";

export function removeQueuedJobs(
  connection: Connection,
  { keys }: { readonly keys: readonly JobKey[] },
): Promise<void> {
  return deleteJobRows(connection, keys);
}

removeQueuedJobs.makesRoom = true;

const bossTable = sql.raw(`${bossSchema}.job`);

/**
 * Deletes jobs from pg-boss whose input names the account, or a row of the account in one of these tables. Waiting,
 * running and ended jobs and dead letters are deleted.
 * @returns how many were deleted, `limit` at most; none where no server has made the queue yet
 */
export async function removeBossJobs(
  connection: Connection,
  {
    accountId,
    owners,
    limit,
  }: { readonly accountId: string; readonly owners: readonly JobOwner[]; readonly limit: number },
): Promise<number> {
  if (!(await hasBossTable(connection))) return 0;
  const named = owners.map(({ member, table }) => {
    const owner = sql.ref(table === "accounts" ? "id" : "account_id");
    return sql`data->>${sql.lit(member)} in (select id from ${sql.table(table)} where ${owner} = ${accountId})`;
  });
  const { numAffectedRows } = await sql`
    delete from ${bossTable} where (name, id) in (
      select name, id from ${bossTable} where ${sql.join(named, sql` or `)} limit ${limit}
    )
  `.execute(connection);
  return Number(numAffectedRows ?? 0n);
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
