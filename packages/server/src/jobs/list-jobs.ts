import { type RawBuilder, sql } from "kysely";
import type { Connection } from "../database/database.ts";
import type { JobOwner } from "./job.ts";
import { type JobSource, type JobState, type OwnedKind, sourceOf } from "./job-source.ts";
import { findProgressOf } from "./progress/find-progress.ts";
import type { JobProgress } from "./progress/report-progress.ts";

/** A job as operators see it. */
export interface ListedJob {
  readonly id: string;
  readonly name: string;
  /** The account that the job is done for, by its imagekitId; null for the server's own work. */
  readonly account: string | null;
  /** The time by which they are sorted (`AccountJobRow.at`). */
  readonly at: Date;
  readonly progress: JobProgress | undefined;
}

/** Lists jobs of all accounts, and those of the server itself: what is due first, or was created first, comes first. */
export async function listJobs(
  connection: Connection,
  kinds: readonly OwnedKind[],
  state: Exclude<JobState, "failed">,
  limit: number,
): Promise<ListedJob[]> {
  const source = await sourceOf(connection);
  if (source === undefined) return [];
  const parts = kinds.map(({ name, owners }) => {
    const jobs = source.jobs({ name, state, lanes: sql`1 = 1`, limit });
    return sql`select job.id, job.name, job.input, job.at, ${accountOf(source, owners)} as account from (${jobs}) job`;
  });
  const { rows } = await sql<{ id: string; name: string; input: string | object; at: number; account: string | null }>`
    select * from (${sql.join(parts, sql` union all `)}) jobs order by at, id limit ${limit}
  `.execute(connection);
  const jobs = rows.map(({ input, ...row }) => {
    return { ...row, input: typeof input === "string" ? JSON.parse(input) : input };
  });
  const progress = await findProgressOf(connection, kinds, jobs);
  return jobs.map((job) => {
    const { id, name, account, at } = job;
    return { id, name, account, at: new Date(at), progress: progress.get(job) };
  });
}

/** The account that one of the members of the job's input leads to. */
function accountOf(source: JobSource, owners: readonly JobOwner[]): RawBuilder<unknown> {
  const accounts = owners.map(({ member, table }) => {
    const value = source.member(member);
    if (table === "accounts") return sql`(select imagekit_id from accounts where id = ${value})`;
    return sql`(select accounts.imagekit_id from ${sql.table(table)} owned
      join accounts on accounts.id = owned.account_id where owned.id = ${value})`;
  });
  return sql`coalesce(${sql.join([...accounts, sql`null`, sql`null`])})`;
}
