import { sql } from "kysely";
import type { Connection } from "../database/connection.ts";
import type { Snapshot } from "../database/dump/snapshot.ts";
import { enqueueJobs } from "./enqueue-job.ts";
import { sourceOf } from "./job-source.ts";

/** A job that has not ended, as a backup has it. Either queue can take it. */
export interface DumpedJob {
  readonly name: string;
  readonly lane: string;
  /** The time from which it may run, in Unix milliseconds. */
  readonly dueAt: number;
  /** JSON of its input. */
  readonly input: string;
}

/** Reads the jobs of these names that wait or run. */
export async function* readJobs(snapshot: Snapshot, names: readonly string[]): AsyncGenerator<DumpedJob[]> {
  const source = await sourceOf(snapshot.connection);
  if (source === undefined) return;
  for (const name of names) {
    for (const state of ["running", "waiting"] as const) {
      const jobs = source.jobs({ name, state, lanes: sql`1 = 1`, limit: 2 ** 31 - 1 });
      for await (const { rows } of snapshot.read(sql`select lane, due_at, input from (${jobs}) job`)) {
        yield rows.map(([lane, dueAt, input]) => ({
          name,
          lane: String(lane),
          dueAt: Number(dueAt),
          input: typeof input === "string" ? input : JSON.stringify(input),
        }));
      }
    }
  }
}

/** Puts the jobs into the connection's transaction. */
export async function restoreJobs(connection: Connection, jobs: readonly DumpedJob[], now: number): Promise<void> {
  const queued = jobs.map(({ name, lane, dueAt, input }) => ({
    name,
    input: JSON.parse(input) as object,
    ...(lane !== "" && { lane }),
    ...(dueAt > now && { afterSeconds: Math.ceil((dueAt - now) / 1000) }),
  }));
  await enqueueJobs(connection, queued);
}
