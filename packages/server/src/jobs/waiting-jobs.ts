import { sql } from "kysely";
import type { Connection } from "../database/database.ts";
import { maxLooked, sourceOf } from "./account-job-queries.ts";

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
