import { sql } from "kysely";
import type { Connection } from "../database/database.ts";
import { findDueLanes } from "../database/repositories/due-jobs.ts";
import { maxLooked } from "./account-job-queries.ts";
import { bossSchema, hasBossTable, sourceOf } from "./job-source.ts";

/** Whether a job of this name is waiting or running in a lane. */
export async function hasLiveJob(connection: Connection, name: string, lane: string): Promise<boolean> {
  const source = await sourceOf(connection);
  if (source === undefined) return false;
  for (const state of ["waiting", "running"] as const) {
    const lanes = sql`${source.lane} = ${lane}`;
    const { rows } = await source.jobs({ name, state, lanes, limit: 1 }).execute(connection);
    if (rows.length > 0) return true;
  }
  return false;
}

export interface WaitingJobs {
  /** The jobs of a lane whose input has this member. */
  readonly name: string;
  readonly lane: string;
  readonly member: string;
  readonly value: string;
}

export interface WaitingCount {
  /** The number of jobs that have not run yet. */
  readonly fresh: number;
  /** The number of jobs that wait for any run, the first one or another. */
  readonly all: number;
  /** Whether all waiting jobs of the lane were looked at. */
  readonly isComplete: boolean;
}

/** Counts waiting jobs of one lane, those that are due first. */
export async function countWaitingJobs(
  connection: Connection,
  { name, lane, member, value }: WaitingJobs,
): Promise<WaitingCount> {
  const source = await sourceOf(connection);
  if (source === undefined) return { fresh: 0, all: 0, isComplete: true };
  const jobs = source.jobs({ name, state: "waiting", lanes: sql`${source.lane} = ${lane}`, limit: maxLooked + 1 });
  const isSame = sql`${source.member(member)} = ${value}`;
  const { rows } = await sql<Record<"looked" | "own" | "fresh", number | string>>`
    select count(*) as looked, count(case when ${isSame} then 1 end) as own,
      count(case when ${isSame} and attempts = 0 then 1 end) as fresh
    from (${jobs}) job
  `.execute(connection);
  const { looked, own, fresh } = rows[0] ?? { looked: 0, own: 0, fresh: 0 };
  return { fresh: Number(fresh), all: Number(own), isComplete: Number(looked) <= maxLooked };
}

/** Whether any job of these names, of whatever account, has been due for longer than this. */
export async function hasLateJobs(
  connection: Connection,
  { names, now, lateMs }: { readonly names: readonly string[]; readonly now: number; readonly lateMs: number },
): Promise<boolean> {
  if (names.length === 0) return false;
  if (connection.engine.externalQueue === undefined) {
    for (const name of names) {
      if ((await findDueLanes(connection, { name, now: now - lateMs, limit: 1 })).length > 0) return true;
    }
    return false;
  }
  if (!(await hasBossTable(connection))) return false;
  const { rows } = await sql`
    select 1 from ${sql.raw(`${bossSchema}.job`)}
    where name in (${sql.join(names)}) and state < 'active'
      and start_after < clock_timestamp() - ${lateMs}::float8 * interval '1 millisecond'
    limit 1
  `.execute(connection);
  return rows.length > 0;
}
