import type pg from "pg";
import type { UsedTime } from "../../database/repositories/job-turns.ts";
import { bossSchema } from "../job-source.ts";

/** The jobs of one name that are put in order. Those behind come into it when these have gone. */
const maxOrdered = 5000;

const nowMs = "floor(extract(epoch from clock_timestamp()) * 1000)::bigint";

const charge = `
  insert into job_turns (account_id, used_until) select id, ${nowMs} + $2 from accounts where id = $1
  on conflict (account_id) do update set used_until = greatest(job_turns.used_until, ${nowMs}) + $2`;

// pg-boss takes jobs by their priority. A job that comes meanwhile has the highest one, until the next run begins or ends.
// Two that order the same rows could wait for each other. The one that goes first is as good.
const order = `
  with waiting as (
    select id, start_after, data->>$2 as account,
      row_number() over (partition by data->>$2 order by start_after, id) as place
    from ${bossSchema}.job where name = $1 and state < 'active'
    order by start_after limit ${maxOrdered}
  ), running as (
    select data->>$2 as account, count(*) as running
    from ${bossSchema}.job where name = $1 and state = 'active' and id::text <> $3 group by 1
  ), ordered as (
    select waiting.id, -row_number() over (order by coalesce(running, 0) + place,
      greatest(coalesce(used_until, 0), ${nowMs}), start_after, waiting.id) as priority
    from waiting left join running using (account) left join job_turns on account_id = account
  )
  update ${bossSchema}.job set priority = ordered.priority from ordered
  where (select pg_try_advisory_xact_lock(hashtext('sluice job turns'), hashtext($1)))
    and job.name = $1 and job.id = ordered.id and job.state < 'active' and job.priority <> ordered.priority`;

/** Charges an account the time of a run, unless the account is gone. */
export async function chargeBossTime(pool: pg.Pool, { accountId, ms }: UsedTime): Promise<void> {
  await pool.query(charge, [accountId, Math.round(ms)]);
}

/**
 * Puts the waiting jobs of a name in the order in which they are shared out among accounts, as `JobRules.fairBy` says.
 * pg-boss can't do it by itself. Its groups limit how many run at once, and with one encode at a time that says nothing of
 * whose is next. A priority that is given when the job is sent stays with each of its retries, and with a dead letter that
 * is retried: the failures of one account would come before everything that others have sent since.
 * @param ended the id of a job that ends now, and doesn't count as running
 */
export async function orderFairly(
  pool: pg.Pool,
  { name, member, ended = "" }: { readonly name: string; readonly member: string; readonly ended?: string },
): Promise<void> {
  await pool.query(order, [name, member, ended]);
}
