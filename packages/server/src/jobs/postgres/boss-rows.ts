import type pg from "pg";
import type { DeadLetter } from "../job-queue.ts";
import { bossSchema, deadLetterQueue } from "./boss.ts";

/** What pg-boss's own figures hold back for up to a minute, and letters that it lists the oldest first. */

const countStates = `
  select name, case state when 'active' then 'active' else 'waiting' end as state, count(*) as count
  from ${bossSchema}.job where state in ('created', 'retry', 'active') group by 1, 2`;

const newestLetters = `
  select id, source_name as name, data as input, source_output as output, created_on as "diedAt"
  from ${bossSchema}.job where name = '${deadLetterQueue}' order by created_on desc limit $1`;

export async function countQueued(pool: pg.Pool): Promise<{ name: string; state: string; count: number }[]> {
  const { rows } = await pool.query<{ name: string; state: string; count: number }>(countStates);
  return rows;
}

export async function listDeadLetters(pool: pg.Pool, limit: number): Promise<DeadLetter[]> {
  type Row = Omit<DeadLetter, "error"> & { readonly output: { readonly message?: string } | null };
  const { rows } = await pool.query<Row>(newestLetters, [limit]);
  return rows.map(({ output, ...letter }) => ({ ...letter, error: output?.message ?? "" }));
}
