import type { Connection } from "../database/database.ts";
import { insertJob } from "./enqueue-job.ts";

export interface RecurringJob {
  readonly name: string;
  readonly everySeconds: number;
}

/**
 * Enqueues each job once in its span of time, however often and by whichever node this is called.
 * @returns whether any was due
 */
export async function enqueueRecurringJobs(
  connection: Connection,
  { jobs }: { readonly jobs: readonly RecurringJob[] },
): Promise<boolean> {
  let due = false;
  for (const { name, everySeconds } of jobs) {
    due = (await insertJob(connection, { name, input: {}, oncePerSeconds: everySeconds })) || due;
  }
  return due;
}
