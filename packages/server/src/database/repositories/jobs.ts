import { type NotNull, type Selectable, sql } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { JobsTable, Schema } from "../schema.ts";

/** The table of the job queue, which only SQLite uses. Its key is the order in which jobs are taken. */

export type JobRow = Selectable<JobsTable>;

/**
 * Writes the state into the text of the statement. One index covers only dead jobs. If a bound value decided whether an
 * index applies, SQLite would prepare the statement anew for each value.
 */
const written = (state: JobRow["state"]) => sql.lit(state);

/**
 * A limit that SQLite computes when the statement runs. A limit that is only a bound value would make SQLite prepare
 * the statement anew each time.
 */
const reckoned = (limit: number) => sql<number>`${limit} + 0`;

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

/** Deletes dead letters that ended before this time and that nobody has taken care of. */
export async function deleteDeadJobs(connection: Connection, endedBefore: number): Promise<void> {
  await connection
    .deleteFrom("jobs")
    .where("state", "=", written("dead"))
    .where("ended_at", "<", endedBefore)
    .execute();
}

/** The jobs of one name in one lane. Every job is in a lane, whose name is empty unless another lane was asked for. */
export interface JobLane {
  readonly name: string;
  readonly lane: string;
}

/** Finds the lanes in which jobs of that name are due. With a limit it returns only some of them, if there are any. */
export async function findDueLanes(
  connection: Connection,
  {
    name,
    now,
    limit = Number.MAX_SAFE_INTEGER,
  }: { readonly name: string; readonly now: number; readonly limit?: number },
): Promise<string[]> {
  const by = { name, now, limit };
  const waiting = await lanesWithWaiting(connection, by);
  const lost = await lanesWithLost(connection, by);
  return [...new Set([...waiting.rows, ...lost.rows].map(({ lane }) => lane))];
}

type DueLanes = Required<Parameters<typeof findDueLanes>[1]>;

const lanesWithWaiting = prepared((connection, by: DueLanes) => lanesWithDue(connection, "waiting", by));

const lanesWithLost = prepared((connection, by: DueLanes) => lanesWithDue(connection, "active", by));

/**
 * Takes one step in the table for each lane with jobs in that state, however many jobs there are, and one step to find
 * a due job.
 */
function lanesWithDue(connection: Connection, state: JobRow["state"], { name, now, limit }: DueLanes) {
  return connection
    .withRecursive("lanes", (lanes) =>
      lanes
        .selectFrom("jobs")
        .select(({ fn }) => fn.min<string | null>("lane").as("lane"))
        .where("name", "=", name)
        .where("state", "=", written(state))
        .unionAll(
          lanes
            .selectFrom("lanes")
            .select((from) =>
              from
                .selectFrom("jobs")
                .select(({ fn }) => fn.min("jobs.lane").as("lane"))
                .where("jobs.name", "=", name)
                .where("jobs.state", "=", written(state))
                .whereRef("jobs.lane", ">", "lanes.lane")
                .as("lane"),
            )
            .where("lanes.lane", "is not", null),
        ),
    )
    .selectFrom("lanes")
    .select("lane")
    .$narrowType<{ lane: NotNull }>()
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("jobs")
          .select("jobs.id")
          .where("jobs.name", "=", name)
          .where("jobs.state", "=", written(state))
          .whereRef("jobs.lane", "=", "lanes.lane")
          .where("jobs.due_at", "<=", now),
      ),
    )
    .limit(reckoned(limit));
}

/** Finds waiting jobs that are due and active jobs whose worker's lease has run out, the longest due first. */
export async function findDueJobs(
  connection: Connection,
  by: JobLane & { readonly now: number; readonly limit: number },
): Promise<JobRow[]> {
  return (await dueJobs(connection, by)).rows;
}

const dueJobs = prepared((connection, by: Parameters<typeof findDueJobs>[1]) =>
  jobsIn(connection, "waiting", by)
    .unionAll(jobsIn(connection, "active", by))
    .orderBy("due_at")
    .limit(reckoned(by.limit)),
);

/**
 * Selects jobs of one state only. The table has these in the order wanted, so two such queries are merged only as far
 * as the limit goes. In any other order, or with both states in one condition, all waiting jobs would be read for the
 * few that are taken.
 */
function jobsIn(
  connection: Connection,
  state: JobRow["state"],
  { name, lane, now }: JobLane & { readonly now: number },
) {
  return connection
    .selectFrom("jobs")
    .selectAll()
    .where("name", "=", name)
    .where("state", "=", written(state))
    .where("lane", "=", lane)
    .where("due_at", "<=", now);
}

export async function hasLivingRun(connection: Connection, name: string, now: number): Promise<boolean> {
  const row = await connection
    .selectFrom("jobs")
    .select("id")
    .where("name", "=", name)
    .where("state", "=", written("active"))
    .where("due_at", ">", now)
    .limit(reckoned(1))
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Gives a due job, as this transaction has found it, to the caller until that time. The run gets a number of its own.
 * @returns false when the job is not there
 */
export async function claimJob(connection: Connection, job: JobRow, until: number): Promise<boolean> {
  const { changed } = await (job.state === "waiting" ? claimWaiting : claimLost)(connection, { ...job, until });
  return changed === 1;
}

type JobToClaim = Pick<JobRow, "id" | "name" | "lane" | "due_at"> & { readonly until: number };

const claimWaiting = prepared((connection, job: JobToClaim) => claim(connection, "waiting", job));

const claimLost = prepared((connection, job: JobToClaim) => claim(connection, "active", job));

function claim(connection: Connection, state: JobRow["state"], { id, name, lane, due_at, until }: JobToClaim) {
  return connection
    .updateTable("jobs")
    .set((row) => ({ state: "active", due_at: until, attempts: row("attempts", "+", 1) }))
    .where("name", "=", name)
    .where("state", "=", written(state))
    .where("lane", "=", lane)
    .where("due_at", "=", due_at)
    .where("id", "=", id);
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
