import type { Connection } from "../database/database.ts";
import { enqueueJob } from "./enqueue-job.ts";
import type { JobName } from "./job-table.ts";

export interface RecurringJob {
  readonly name: JobName;
  readonly everySeconds: number;
}

/** Each once in its span of time, whoever asks how often. @returns whether any was due */
export async function enqueueRecurringJobs(
  connection: Connection,
  { jobs }: { readonly jobs: readonly RecurringJob[] },
): Promise<boolean> {
  let due = false;
  for (const { name, everySeconds } of jobs) {
    due = (await enqueueJob(connection, name, {}, { oncePerSeconds: everySeconds })) || due;
  }
  return due;
}
