import type { Selectable } from "kysely";
import type { Connection } from "../database.ts";
import type { JobProgressTable } from "../schema.ts";

export type JobProgressRow = Selectable<JobProgressTable>;

/** The name of a job's kind, and what the job is about. */
export type JobProgressKey = Pick<JobProgressRow, "job" | "key">;

export async function setJobProgress(connection: Connection, row: JobProgressRow): Promise<void> {
  const { job, key, ...progress } = row;
  await connection
    .insertInto("job_progress")
    .values(row)
    .onConflict((conflict) => conflict.columns(["job", "key"]).doUpdateSet(progress))
    .execute();
}

export async function deleteJobProgress(connection: Connection, { job, key }: JobProgressKey): Promise<void> {
  await connection.deleteFrom("job_progress").where("job", "=", job).where("key", "=", key).execute();
}

/** Deletes what was last told before this time. */
export async function deleteOldJobProgress(connection: Connection, before: number): Promise<void> {
  await connection.deleteFrom("job_progress").where("updated_at", "<", before).execute();
}

/** Finds the progress of those of the jobs that have told any. */
export async function findJobProgress(
  connection: Connection,
  jobs: readonly JobProgressKey[],
): Promise<JobProgressRow[]> {
  if (jobs.length === 0) return [];
  return connection
    .selectFrom("job_progress")
    .selectAll()
    .where(({ or, and }) => or(jobs.map(({ job, key }) => and({ job, key }))))
    .execute();
}
