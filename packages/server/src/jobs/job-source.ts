import { type RawBuilder, sql } from "kysely";
import type { Connection, FailedJob } from "../database/connection.ts";
import type { JobOwner } from "./job.ts";

/** The jobs of one name, which may belong to accounts. */
export interface OwnedKind {
  readonly name: string;
  /** The job has failed for good after one run more. */
  readonly retries: number;
  readonly owners: readonly JobOwner[];
  /** The member of the input by which the job's progress is found, if the job tells it. */
  readonly progressBy?: string;
}

export type JobState = "waiting" | "running" | "failed";

/** A job of one state. */
export interface AccountJobRow extends FailedJob {
  readonly input: Readonly<Record<string, unknown>>;
  /** The time by which they are sorted: at which a waiting job is due, a running job was created, or a failed job failed. */
  readonly at: number;
  readonly attempts: number;
  readonly error: string | null;
  readonly createdAt: number;
}

/** Says how the table of a queue is read. */
export interface JobSource {
  /**
   * A query for jobs of one name and state, the first `limit` in the order of the queue. Its columns are those of
   * `AccountJobRow`.
   */
  readonly jobs: (of: {
    readonly name: string;
    readonly state: JobState;
    /** A condition on the column `lane` of the table. */
    readonly lanes: RawBuilder<unknown>;
    readonly limit: number;
  }) => RawBuilder<unknown>;
  readonly lane: RawBuilder<unknown>;
  /** A member of the input of `job`, as text. */
  readonly member: (name: string) => RawBuilder<unknown>;
}

const states = {
  waiting: { state: "waiting", at: "due_at", order: "lane, due_at, id" },
  running: { state: "active", at: "created_at", order: "lane, due_at, id" },
  failed: { state: "dead", at: "ended_at", order: "ended_at desc" },
} as const;

/** Jobs in the table of SQLite's queue. */
const tableJobs: JobSource = {
  jobs({ name, state, lanes, limit }) {
    const { at, order, state: stored } = states[state];
    return sql`
      select id, name, lane, due_at, input, ${sql.ref(at)} as at, attempts, error, created_at from jobs
      where name = ${name} and state = ${sql.lit(stored)} and ${lanes}
      order by ${sql.raw(order)} limit ${limit}`;
  },
  lane: sql.ref("lane"),
  member: (name) => sql`json_extract(job.input, ${sql.lit(`$.${name}`)})`,
};

/** Sluice's own schema, so that an operator's pg-boss of another version in the same database is kept apart. */
export const bossSchema = "sluice_jobs";

/** The queue of the jobs that have failed for good. */
export const deadLetterQueue = "dead-letters";

const table = sql.raw(`${bossSchema}.job`);

const millisecondsOf = (column: string) => sql`floor(extract(epoch from ${sql.ref(column)}) * 1000)::float8`;
const messageOf = (column: string) =>
  sql`coalesce(${sql.ref(column)}->>'message', ${sql.ref(column)}->'value'->>'message')`;

const place = sql`coalesce(group_id, '') as lane, ${millisecondsOf("start_after")} as due_at`;

/** pg-boss counts the runs after the first one. */
const live = sql`id::text as id, name, ${place}, data as input, ${messageOf("output")} as error,
  ${millisecondsOf("created_on")} as created_at`;

/** Jobs in the tables of pg-boss. */
const bossJobs: JobSource = {
  jobs({ name, state, lanes, limit }) {
    if (state === "failed") {
      return sql`
        select id::text as id, source_name as name, ${place}, data as input, ${millisecondsOf("created_on")} as at,
          coalesce(source_retry_count, 0) + 1 as attempts, ${messageOf("source_output")} as error,
          ${millisecondsOf("source_created_on")} as created_at
        from ${table}
        where name = ${deadLetterQueue} and state < 'active' and source_name = ${name} and ${lanes}
        order by created_on desc limit ${limit}`;
    }
    if (state === "running") {
      return sql`
        select ${live}, ${millisecondsOf("created_on")} as at, retry_count + 1 as attempts from ${table}
        where name = ${name} and state = 'active' and ${lanes} limit ${limit}`;
    }
    return sql`
      select ${live}, ${millisecondsOf("start_after")} as at,
        case state when 'created' then 0 else retry_count + 1 end as attempts
      from ${table} where name = ${name} and state < 'active' and ${lanes}
      order by start_after limit ${limit}`;
  },
  lane: sql.ref("group_id"),
  member: (name) => sql`job.input->>${sql.lit(name)}`,
};

/** Whether a server has made the queue. */
export async function hasBossTable(connection: Connection): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass(${`${bossSchema}.job`}) is not null as there
  `.execute(connection);
  return rows[0]?.there === true;
}

/** The queue of the database; undefined where no server has made it yet. */
export async function sourceOf(connection: Connection): Promise<JobSource | undefined> {
  if (connection.engine.externalQueue === undefined) return tableJobs;
  return (await hasBossTable(connection)) ? bossJobs : undefined;
}
