import { findQueuedUpload } from "../../database/repositories/queued-uploads.ts";
import type { JobQueue } from "../../jobs/job-queue.ts";
import { type QueuedUploadJob, queuedUploadKind } from "./job-kinds.ts";
import { failQueued, type QueuedUploadNeeds } from "./make-queued-upload.ts";

const maxDeadLetters = 10_000;

/**
 * Ends the queued uploads whose job has failed for good without saying so: a run that dies with its worker, or has to be
 * ended, says nothing, and such a run may be the last one.
 * @returns how many there were
 */
export async function expireQueuedUploads(
  needs: Pick<QueuedUploadNeeds, "database" | "now">,
  queue: Pick<JobQueue, "deadLetters">,
  signal: AbortSignal,
): Promise<number> {
  let ended = 0;
  for (const { input } of await queue.deadLetters(maxDeadLetters, queuedUploadKind.name)) {
    signal.throwIfAborted();
    const { accountId, id } = input as QueuedUploadJob;
    const upload = await findQueuedUpload(needs.database.reader, accountId, id);
    if (upload !== undefined && (await failQueued(needs, upload))) ended += 1;
  }
  return ended;
}
