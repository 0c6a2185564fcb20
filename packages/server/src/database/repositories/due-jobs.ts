import { type NotNull, sql } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import { type JobRow, written } from "./jobs.ts";

/** The statements by which workers find jobs that are due, and take them. */

/**
 * A limit that SQLite computes when the statement runs. A limit that is only a bound value would make SQLite prepare
 * the statement anew each time.
 */
const reckoned = (limit: number) => sql<number>`${limit} + 0`;

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

/**
 * Finds due jobs in the order in which they are shared out among accounts: as `JobRules.fairBy` says. All jobs of the
 * name are looked at, so their number has to be bounded.
 */
export async function findFairJobs(
  connection: Connection,
  { name, member, now, limit }: Pick<JobLane, "name"> & Record<"now" | "limit", number> & { readonly member: string },
): Promise<JobRow[]> {
  const account = sql`json_extract(input, ${sql.lit(`$.${member}`)})`;
  const { rows } = await sql<JobRow>`
    select id, name, input, state, due_at, attempts, slot, lane, error, created_at, ended_at
    from (
      select jobs.*, ${account} as account, row_number() over (partition by ${account} order by due_at, id) as place
      from jobs where name = ${name} and state in ('waiting', 'active') and due_at <= ${now}
    ) due
    left join (
      select ${account} as runner, count(*) as running
      from jobs where name = ${name} and state = 'active' and due_at > ${now} group by 1
    ) on runner = account
    left join job_turns on account_id = account
    order by coalesce(running, 0) + place, max(coalesce(used_until, 0), ${now}), due_at, id
    limit ${limit}`.execute(connection);
  return rows;
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
