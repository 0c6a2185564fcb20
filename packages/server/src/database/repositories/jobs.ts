import { type Selectable, sql } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { JobsTable } from "../schema.ts";

/** The queue's table, used on SQLite alone. */

export type JobRow = Selectable<JobsTable>;

/**
 * As a part of the statement. There is an index of the dead alone, and where it may depend on a bound value whether an
 * index serves, SQLite prepares the statement anew for each value.
 */
const written = (state: JobRow["state"]) => sql.lit(state);

/** A limit that SQLite learns when the statement runs: one that is a bound value alone has it prepared anew each time. */
const reckoned = (limit: number) => sql<number>`${limit} + 0`;

/** @returns false when there is a job in its slot already */
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

/** Those that have given their slot away. */
export async function deleteDoneJobs(connection: Connection, name: string, exceptSlot: string): Promise<void> {
  await connection
    .deleteFrom("jobs")
    .where("name", "=", name)
    .where("state", "=", written("done"))
    .where("slot", "!=", exceptSlot)
    .execute();
}

/** Dead letters of which nobody has taken care for so long. */
export async function deleteDeadJobs(connection: Connection, endedBefore: number): Promise<void> {
  await connection
    .deleteFrom("jobs")
    .where("state", "=", written("dead"))
    .where("ended_at", "<", endedBefore)
    .execute();
}

/** Waiting ones whose time has come and active ones whose worker's lease has run out, the longest due first. */
export async function findDueJobs(connection: Connection, name: string, now: number, limit: number): Promise<JobRow[]> {
  return (await dueJobs(connection, { name, now, limit })).rows;
}

const dueJobs = prepared((connection, by: { readonly name: string; readonly now: number; readonly limit: number }) =>
  jobsIn(connection, "waiting", by)
    .unionAll(jobsIn(connection, "active", by))
    .orderBy("due_at")
    .limit(reckoned(by.limit)),
);

/** The same, of one lane. */
export async function findDueJobsInLane(
  connection: Connection,
  by: { readonly name: string; readonly lane: string; readonly now: number; readonly limit: number },
): Promise<JobRow[]> {
  return (await dueJobsInLane(connection, by)).rows;
}

const dueJobsInLane = prepared((connection, by: Parameters<typeof findDueJobsInLane>[1]) =>
  jobsIn(connection, "waiting", by)
    .where("lane", "=", by.lane)
    .unionAll(jobsIn(connection, "active", by).where("lane", "=", by.lane))
    .orderBy("due_at")
    .limit(reckoned(by.limit)),
);

/**
 * Of one state, so that the index has them in the order wanted, and two of them are merged as far as the limit goes. In
 * any other order, and with both states in one condition, all that wait would be read for the few that are taken.
 */
function jobsIn(
  connection: Connection,
  state: JobRow["state"],
  { name, now }: { readonly name: string; readonly now: number },
) {
  return connection
    .selectFrom("jobs")
    .selectAll()
    .where("name", "=", name)
    .where("state", "=", written(state))
    .where("due_at", "<=", now);
}

/** The lanes in which there are jobs of that name, found by one step into the index each, however many jobs there are. */
export async function findLanes(connection: Connection, name: string): Promise<string[]> {
  return (await lanesOf(connection, { name })).rows.flatMap(({ lane }) => lane ?? []);
}

const lanesOf = prepared((connection, by: { readonly name: string }) =>
  connection
    .withRecursive("lanes", (lanes) =>
      lanes
        .selectFrom("jobs")
        .select(({ fn }) => fn.min("lane").as("lane"))
        .where("name", "=", by.name)
        .unionAll(
          lanes
            .selectFrom("lanes")
            .select((from) =>
              from
                .selectFrom("jobs")
                .select(({ fn }) => fn.min("jobs.lane").as("lane"))
                .where("jobs.name", "=", by.name)
                .whereRef("jobs.lane", ">", "lanes.lane")
                .as("lane"),
            )
            .where("lanes.lane", "is not", null),
        ),
    )
    .selectFrom("lanes")
    .select("lane"),
);

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

export type JobChange = Partial<Pick<JobRow, "state" | "due_at" | "attempts" | "error" | "ended_at">>;

/** @returns false when the job is not in that state any more, or in another run */
export async function updateJob(
  connection: Connection,
  { id, state, attempts }: Pick<JobRow, "id" | "state" | "attempts">,
  change: JobChange,
): Promise<boolean> {
  const { numUpdatedRows } = await connection
    .updateTable("jobs")
    .set(change)
    .where("id", "=", id)
    .where("state", "=", written(state))
    .where("attempts", "=", attempts)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** @returns false when the job is in another run by now; one with a slot stays, so that it keeps that slot */
export async function deleteSlotlessJob(
  connection: Connection,
  run: Pick<JobRow, "id" | "attempts">,
): Promise<boolean> {
  const { changed } = await deleteActiveWithoutSlot(connection, run);
  return changed === 1;
}

const deleteActiveWithoutSlot = prepared((connection, run: Pick<JobRow, "id" | "attempts">) =>
  connection
    .deleteFrom("jobs")
    .where("id", "=", run.id)
    .where("state", "=", written("active"))
    .where("attempts", "=", run.attempts)
    .where("slot", "is", null),
);

/** A due job becomes the caller's until that time, in a run of its own number. */
export async function claimJob(connection: Connection, { id }: Pick<JobRow, "id">, due_at: number): Promise<void> {
  await activate(connection, { id, due_at });
}

const activate = prepared((connection, job: Pick<JobRow, "id" | "due_at">) =>
  connection
    .updateTable("jobs")
    .set((row) => ({ state: "active", due_at: job.due_at, attempts: row("attempts", "+", 1) }))
    .where("id", "=", job.id),
);

/** How many there are of each name and state, and for how many seconds the first of them has been due. */
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

export async function listDeadJobs(connection: Connection, limit: number): Promise<JobRow[]> {
  return connection
    .selectFrom("jobs")
    .selectAll()
    .where("state", "=", written("dead"))
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
  const query = connection
    .updateTable("jobs")
    .set({ state: "waiting", due_at: now, attempts: 0, error: null, ended_at: null })
    .where("state", "=", written("dead"));
  const { numUpdatedRows } = await ("id" in which
    ? query.where("id", "=", which.id)
    : query.where("name", "=", which.name)
  ).executeTakeFirst();
  return Number(numUpdatedRows);
}
