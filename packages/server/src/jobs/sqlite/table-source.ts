import { sql } from "kysely";
import type { JobSource } from "../job-source.ts";

const states = {
  waiting: { state: "waiting", at: "due_at", order: "lane, due_at, id" },
  running: { state: "active", at: "created_at", order: "lane, due_at, id" },
  failed: { state: "dead", at: "ended_at", order: "ended_at desc" },
} as const;

/** Jobs in the table of SQLite's queue. */
export const tableJobs: JobSource = {
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
