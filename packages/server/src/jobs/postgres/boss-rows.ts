import type pg from "pg";
import type { DeadLetter, JobCount } from "../job-queue.ts";
import { bossSchema, deadLetterQueue } from "../job-source.ts";

/*
 * SQL that pg-boss has no function for: its own figures are up to a minute old, it lists the oldest letters first, and
 * it counts a run that was cut short like one that failed.
 */

const countStates = `
  select name, case state when 'active' then 'active' else 'waiting' end as state, count(*) as count,
    extract(epoch from clock_timestamp() - min(start_after))::float8 as overdue
  from ${bossSchema}.job where state in ('created', 'retry', 'active') and name <> '${deadLetterQueue}'
  group by 1, 2
  union all
  select source_name, 'dead', count(*), 0
  from ${bossSchema}.job where name = '${deadLetterQueue}' and state < 'active' group by 1`;

const newestLetters = `
  select id, source_name as name, data as input, source_output as output, created_on as "diedAt"
  from ${bossSchema}.job where name = '${deadLetterQueue}' and ($2::text is null or source_name = $2)
  order by created_on desc limit $1`;

// The number of retries grows with the next run. So pg-boss, which is told that this run has failed, finds that the run is
// no longer the job's, and changes nothing. Its own way of giving a job back keeps that number.
const returnRun = `
  update ${bossSchema}.job set state = 'retry', start_after = ${bossSchema}.job_now(), heartbeat_on = null,
    retry_limit = retry_limit + 1
  where name = $1 and id = $2 and retry_count = $3 and state = 'active'`;

/** Gives a job back that was cut short. It is due at once, and has one run more than it would have had. */
export async function returnJob(
  pool: pg.Pool,
  { name, id, retryCount }: { readonly name: string; readonly id: string; readonly retryCount: number },
): Promise<void> {
  await pool.query(returnRun, [name, id, retryCount]);
}

export async function countQueued(pool: pg.Pool): Promise<JobCount[]> {
  const { rows } = await pool.query<JobCount>(countStates);
  return rows;
}

export async function listDeadLetters(pool: pg.Pool, limit: number, name?: string): Promise<DeadLetter[]> {
  interface Failure {
    readonly message?: string;
    /** The value is set in failures of jobs that pg-boss itself has ended. */
    readonly value?: { readonly message?: string };
  }
  type Row = Omit<DeadLetter, "error"> & { readonly output: Failure | null };
  const { rows } = await pool.query<Row>(newestLetters, [limit, name ?? null]);
  return rows.map(({ output, ...letter }) => ({ ...letter, error: output?.message ?? output?.value?.message ?? "" }));
}
