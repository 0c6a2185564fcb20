import { sql } from "kysely";
import type { Connection } from "../../database/database.ts";
import type { JobSource } from "../job-source.ts";
import { bossSchema, deadLetterQueue } from "./boss-schema.ts";

const table = sql.raw(`${bossSchema}.job`);

const millisecondsOf = (column: string) => sql`floor(extract(epoch from ${sql.ref(column)}) * 1000)::float8`;
const messageOf = (column: string) =>
  sql`coalesce(${sql.ref(column)}->>'message', ${sql.ref(column)}->'value'->>'message')`;

const place = sql`coalesce(group_id, '') as lane, ${millisecondsOf("start_after")} as due_at`;

/** pg-boss counts the runs after the first one. */
const live = sql`id::text as id, name, ${place}, data as input, ${messageOf("output")} as error,
  ${millisecondsOf("created_on")} as created_at`;

/** Jobs in the tables of pg-boss. */
export const bossJobs: JobSource = {
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
