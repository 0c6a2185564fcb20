import { type Selectable, sql } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { JobsTable, Schema } from "../schema.ts";

/** The table of the job queue, which only SQLite uses. Its key is the order in which jobs are taken. */

export type JobRow = Selectable<JobsTable>;

/**
 * Writes the state into the text of the statement. One index covers only dead jobs. If a bound value decided whether an
 * index applies, SQLite would prepare the statement anew for each value.
 */
export const written = (state: JobRow["state"]) => sql.lit(state);

/** @returns false when the job's slot is taken already */
export async function insertJobRow(connection: Connection, row: JobRow): Promise<boolean> {
  const { changed } = await insertUnlessThere(connection, row);
  return changed === 1;
}

const insertUnlessThere = prepared((connection, row: JobRow) =>
  connection
    .insertInto("jobs")
    .values({
      id: row.id,
      name: row.name,
      input: row.input,
      state: row.state,
      due_at: row.due_at,
      attempts: row.attempts,
      slot: row.slot,
      lane: row.lane,
      error: row.error,
      created_at: row.created_at,
      ended_at: row.ended_at,
    } satisfies Record<keyof JobRow, unknown>)
    .onConflict((conflict) => conflict.column("slot").where("slot", "is not", null).doNothing()),
);

/** Deletes done jobs whose slot is over: those whose slot doesn't begin with `exceptSlot`, the present one. */
export async function deleteDoneJobs(
  connection: Connection,
  { name, exceptSlot }: { readonly name: string; readonly exceptSlot: string },
): Promise<void> {
  await connection
    .deleteFrom("jobs")
    .where("name", "=", name)
    .where("state", "=", written("done"))
    .where(sql<boolean>`substr(slot, 1, length(${exceptSlot})) != ${exceptSlot}`)
    .execute();
}

/**
 * Identifies one run of a job. After its lease has run out and another run has begun, the job no longer has this
 * number.
 */
export type JobRun = Pick<JobRow, "id" | "name" | "lane" | "attempts">;

export type JobChange = Partial<Pick<JobRow, "state" | "due_at" | "attempts" | "error" | "ended_at">>;

/**
 * @param job with `due_at` if it is known, because very many jobs may be waiting
 * @returns false when the job is no longer in that state, or is in another run
 */
export async function changeJob(
  connection: Connection,
  job: JobRun & Pick<JobRow, "state"> & Partial<Pick<JobRow, "due_at">>,
  change: JobChange,
): Promise<boolean> {
  const { id, name, lane, state, attempts, due_at } = job;
  const found = connection
    .updateTable("jobs")
    .set(change)
    .where("name", "=", name)
    .where("state", "=", written(state))
    .where("lane", "=", lane)
    .where("id", "=", id)
    .where("attempts", "=", attempts);
  const { numUpdatedRows } = await (due_at === undefined
    ? found
    : found.where("due_at", "=", due_at)
  ).executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Deletes the job of a run, unless it has a slot: such a job stays to keep its slot.
 * @returns false when the job stays, or is in another run by now
 */
export async function deleteSlotlessJob(connection: Connection, run: JobRun): Promise<boolean> {
  const { changed } = await deleteRunningWithoutSlot(connection, run);
  return changed === 1;
}

// Only a bounded number of jobs run at a time, so the job is found among them by its id.
const deleteRunningWithoutSlot = prepared((connection, run: JobRun) =>
  connection
    .deleteFrom("jobs")
    .where("name", "=", run.name)
    .where("state", "=", written("active"))
    .where("lane", "=", run.lane)
    .where("id", "=", run.id)
    .where("attempts", "=", run.attempts)
    .where("slot", "is", null),
);

/**
 * Counts the jobs of each name and state. `overdue` is the number of seconds for which the first of them has been due.
 */
export async function countJobs(
  connection: Connection,
  now: number,
): Promise<
  { readonly name: string; readonly state: JobRow["state"]; readonly count: number; readonly overdue: number }[]
> {
  const rows = await connection
    .selectFrom("jobs")
    .select(({ fn }) => ["name", "state", fn.countAll<number>().as("count"), fn.min("due_at").as("due_at")])
    .groupBy(["name", "state"])
    .execute();
  return rows.map(({ name, state, count, due_at }) => ({ name, state, count, overdue: (now - due_at) / 1000 }));
}

/** The columns by which a job's row is found. */
export type JobKey = Pick<JobRow, "name" | "state" | "lane" | "due_at" | "id">;

/** Finds jobs whose input names the account, or a row of the account in one of these tables. */
export async function findJobsOfAccount(
  connection: Connection,
  owners: readonly { readonly member: string; readonly table: keyof Schema }[],
  accountId: string,
  limit: number,
): Promise<JobKey[]> {
  const named = owners.map(({ member, table }) => {
    const value = sql`json_extract(jobs.input, ${sql.lit(`$.${member}`)})`;
    const owner = sql.ref(table === "accounts" ? "id" : "account_id");
    return sql<boolean>`${value} in (select id from ${sql.table(table)} where ${owner} = ${accountId})`;
  });
  return connection
    .selectFrom("jobs")
    .select(["name", "state", "lane", "due_at", "id"])
    .where(({ or }) => or(named))
    .limit(limit)
    .execute();
}

export async function deleteJobRows(connection: Connection, keys: readonly JobKey[]): Promise<void> {
  for (const key of keys) await deleteJobRow(connection, key);
}

const deleteJobRow = prepared((connection, key: JobKey) =>
  connection
    .deleteFrom("jobs")
    .where("name", "=", key.name)
    .where("state", "=", key.state)
    .where("lane", "=", key.lane)
    .where("due_at", "=", key.due_at)
    .where("id", "=", key.id),
);
