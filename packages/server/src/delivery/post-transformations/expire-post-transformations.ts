import { findDeliverableVersion } from "../../database/repositories/deliverables.ts";
import { findEvent } from "../../database/repositories/events.ts";
import { findEventContext } from "../../events/event-context.ts";
import { firstEventId } from "../../events/event-id.ts";
import { isTold } from "../../events/record-event.ts";
import type { JobQueue } from "../../jobs/job-queue.ts";
import { postTransformationKind } from "./job-kinds.ts";
import type { PostTransformationNeeds } from "./needs.ts";
import type { PostTransformationJob } from "./post-transformation.ts";
import { encodingFailed } from "./record-post-transformation.ts";

/** Since the upload: longer than all attempts of its jobs take, and half of what its events are kept for at the least. */
const longestMs = 24 * 3600 * 1000;
const mostLetters = 10_000;

/**
 * Has those told of that ended without a word: a run that dies with its worker, or has to be ended, tells nobody, and one
 * of them is the last.
 * @returns how many those were
 */
export async function expirePostTransformations(
  { database, now }: Pick<PostTransformationNeeds, "database" | "now">,
  queue: Pick<JobQueue, "deadLetters">,
  signal: AbortSignal,
): Promise<number> {
  const { reader } = database;
  const firstId = firstEventId(now() - longestMs);
  let told = 0;
  for (const { input } of await queue.deadLetters(mostLetters, postTransformationKind.name)) {
    signal.throwIfAborted();
    const job = input as PostTransformationJob;
    // Of an older one it may be forgotten that it was told.
    if (job.eventId < firstId || (await findEvent(reader, job.eventId)) !== undefined) continue;
    const context = await findEventContext(reader, job.accountId, job.publicUrl);
    if (!isTold(context, "upload.post-transform.error")) continue;
    if ((await findDeliverableVersion(reader, job.accountId, job.versionId)) === undefined) continue;
    await database.run("recordPostTransformation", { job, failure: encodingFailed, now: now() });
    told += 1;
  }
  return told;
}
