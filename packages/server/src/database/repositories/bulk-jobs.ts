import type { Insertable, Selectable, Updateable } from "kysely";
import type { Connection } from "../database.ts";
import type { BulkJobsTable } from "../schema.ts";

export type BulkJobRow = Selectable<BulkJobsTable>;

export async function insertBulkJob(connection: Connection, row: Insertable<BulkJobsTable>): Promise<void> {
  await connection.insertInto("bulk_jobs").values(row).execute();
}

export async function findBulkJob(connection: Connection, jobId: string): Promise<BulkJobRow | undefined> {
  return connection.selectFrom("bulk_jobs").selectAll().where("id", "=", jobId).executeTakeFirst();
}

export async function updateBulkJob(
  connection: Connection,
  jobId: string,
  change: Updateable<BulkJobsTable>,
): Promise<void> {
  await connection.updateTable("bulk_jobs").set(change).where("id", "=", jobId).execute();
}

/** The paths that the account's pending jobs work on. */
export async function listBusyPaths(connection: Connection, accountId: string): Promise<string[]> {
  const rows = await connection
    .selectFrom("bulk_jobs")
    .select(["source_path", "target_path"])
    .where("account_id", "=", accountId)
    .where("status", "=", "Pending")
    .execute();
  return rows.flatMap(({ source_path: source, target_path: target }) =>
    target === null ? [source] : [source, target],
  );
}

/** Lists the ids of all accounts' pending jobs that were created before this time, the oldest first. */
export async function listPendingBulkJobs(connection: Connection, before: number): Promise<string[]> {
  const jobs = connection.selectFrom("bulk_jobs").select("id").where("status", "=", "Pending");
  const rows = await jobs.where("created_at", "<", before).orderBy("created_at").orderBy("id").execute();
  return rows.map(({ id }) => id);
}

/** Deletes the records of the account's jobs that were created before this time and have ended. */
export async function forgetBulkJobs(connection: Connection, accountId: string, before: number): Promise<void> {
  await connection
    .deleteFrom("bulk_jobs")
    .where("account_id", "=", accountId)
    .where("status", "=", "Completed")
    .where("created_at", "<", before)
    .execute();
}
