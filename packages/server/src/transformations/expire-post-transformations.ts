import { findEvent } from "../database/repositories/events.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import type { JobInputs } from "../jobs/job-table.ts";
import type { Services } from "../services.ts";
import { encodingFailed } from "./record-post-transformation.ts";

/** Half of what events are kept for at the least, so that what was told is still known; sweeps come much more often. */
const longestMs = 24 * 3600 * 1000;
const mostLetters = 10_000;

/**
 * Has those told of that ended without a word: a run that dies with its worker, or has to be ended, tells nobody, and one
 * of them is the last.
 * @returns how many those were
 */
export async function expirePostTransformations(
  { database, now }: Pick<Services, "database" | "now">,
  queue: Pick<JobQueue, "deadLetters">,
  signal: AbortSignal,
): Promise<number> {
  const since = Date.now() - longestMs;
  let told = 0;
  for (const { input, diedAt } of await queue.deadLetters(mostLetters, "post-transformation")) {
    signal.throwIfAborted();
    if (diedAt.getTime() < since) break;
    const job = input as JobInputs["post-transformation"];
    if ((await findEvent(database.reader, job.eventId)) !== undefined) continue;
    await database.run("recordPostTransformation", { job, failure: encodingFailed, now: now() });
    told += 1;
  }
  return told;
}
