import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import { type JobRow, written } from "./jobs.ts";

/** The dead letters of the job queue: jobs that have failed for good. */

/** Deletes dead letters that ended before this time and that nobody has taken care of. */
export async function deleteDeadJobs(connection: Connection, endedBefore: number): Promise<void> {
  await connection
    .deleteFrom("jobs")
    .where("state", "=", written("dead"))
    .where("ended_at", "<", endedBefore)
    .execute();
}

export async function listDeadJobs(connection: Connection, limit: number, name?: string): Promise<JobRow[]> {
  return connection
    .selectFrom("jobs")
    .selectAll()
    .where("state", "=", written("dead"))
    .$if(name !== undefined, (query) => query.where("name", "=", name ?? ""))
    .orderBy("ended_at", "desc")
    .orderBy("id")
    .limit(limit)
    .execute();
}

export async function reviveDeadJobs(
  connection: Connection,
  which: { readonly id: string } | { readonly name: string },
  now: number,
): Promise<number> {
  const query = revival(connection, now);
  const { numUpdatedRows } = await ("id" in which
    ? query.where("id", "=", which.id)
    : query.where("name", "=", which.name)
  ).executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Revives one dead job by its whole key, however many others there are. @returns false when it is not there */
export async function reviveDeadJob(
  connection: Connection,
  job: Pick<JobRow, "name" | "lane" | "due_at" | "id">,
  now: number,
): Promise<boolean> {
  const { changed } = await reviveByKey(connection, { ...job, now });
  return changed === 1;
}

const reviveByKey = prepared(
  (connection, job: Pick<JobRow, "name" | "lane" | "due_at" | "id"> & { readonly now: number }) =>
    revival(connection, job.now)
      .where("name", "=", job.name)
      .where("lane", "=", job.lane)
      .where("due_at", "=", job.due_at)
      .where("id", "=", job.id),
);

function revival(connection: Connection, now: number) {
  return connection
    .updateTable("jobs")
    .set({ state: "waiting", due_at: now, attempts: 0, error: null, ended_at: null })
    .where("state", "=", written("dead"));
}
