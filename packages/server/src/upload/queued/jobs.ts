import { findQueuedUpload } from "../../database/repositories/queued-uploads.ts";
import { encodeRules } from "../../delivery/renditions/videos/job-kinds.ts";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import type { JobQueue } from "../../jobs/job-queue.ts";
import { type SweepingDeps, sweeping } from "../../jobs/sweeping.ts";
import { type QueuedUploadJob, queuedUploadKind } from "./job-kinds.ts";
import { failQueued, makeQueuedUpload, type QueuedUploadDeps } from "./make-queued-upload.ts";

export const queuedUploadJob = defineJob<QueuedUploadDeps, QueuedUploadJob>({
  ...encodeRules,
  kind: queuedUploadKind,
  // What came is in nobody's hands but the server's, so it is tried for some three quarters of an hour.
  retries: 10,
  backoff: { firstSeconds: 5, maxSeconds: 600 },
  owners: [{ member: "accountId", table: "accounts" }],
  progressBy: "id",
  run: (deps, { input, isLast, report }, signal) => makeQueuedUpload(deps, input, { isLast, report }, signal),
});

type ExpiryDeps = QueuedUploadDeps & SweepingDeps & { readonly queue: Pick<JobQueue, "deadLetters"> };

export const expireQueuedUploadsJob = defineJob<ExpiryDeps, Nothing>({
  ...sweeping,
  kind: jobKind("expire-queued-uploads"),
  async run(deps, _run, signal) {
    const failed = await expireQueuedUploads(deps, deps.queue, signal);
    if (failed > 0) deps.logger.warn({ failed }, "queued uploads have ended whose jobs had failed silently");
  },
});

const maxDeadLetters = 10_000;

/**
 * Ends the queued uploads whose job has failed for good without saying so: a run that dies with its worker, or has to be
 * ended, says nothing, and such a run may be the last one.
 * @returns how many there were
 */
export async function expireQueuedUploads(
  deps: Pick<QueuedUploadDeps, "database" | "now">,
  queue: Pick<JobQueue, "deadLetters">,
  signal: AbortSignal,
): Promise<number> {
  let ended = 0;
  for (const { input } of await queue.deadLetters(maxDeadLetters, queuedUploadKind.name)) {
    signal.throwIfAborted();
    const { accountId, id } = input as QueuedUploadJob;
    const upload = await findQueuedUpload(deps.database.reader, accountId, id);
    if (upload !== undefined && (await failQueued(deps, upload))) ended += 1;
  }
  return ended;
}
