import type { Logger } from "pino";
import { viewerOfServer } from "../../access/viewer.ts";
import { findDeliverableVersion } from "../../database/repositories/deliverables.ts";
import { findEvent } from "../../database/repositories/events.ts";
import { findEventContext } from "../../events/event-context.ts";
import { firstEventId } from "../../events/event-id.ts";
import { isTold } from "../../events/record-event.ts";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import type { JobQueue } from "../../jobs/job-queue.ts";
import { type SweepingDeps, sweeping } from "../../jobs/sweeping.ts";
import { postTransformationKind } from "./job-kinds.ts";
import { makePostTransformation, type PostTransformationDeps } from "./make-post-transformation.ts";
import type { PostTransformationJob } from "./post-transformation.ts";
import { encodingFailed, recordPostTransformation } from "./record-post-transformation.ts";

/**
 * The longest time since the upload. It is longer than all attempts of the upload's jobs take, and half of the shortest
 * time for which its events are kept.
 */
const maxAgeMs = 24 * 3600 * 1000;
const maxDeadLetters = 10_000;

/**
 * Reports the post-transformations that failed without an event. A run that dies with its worker, or has to be ended,
 * reports nothing, and such a run may be the last attempt.
 * @returns how many failures were reported
 */
export async function expirePostTransformations(
  { database, now }: Pick<PostTransformationDeps, "database" | "now">,
  queue: Pick<JobQueue, "deadLetters">,
  signal: AbortSignal,
): Promise<number> {
  const { reader } = database;
  const firstId = firstEventId(now() - maxAgeMs);
  let told = 0;
  for (const { input } of await queue.deadLetters(maxDeadLetters, postTransformationKind.name)) {
    signal.throwIfAborted();
    const job = input as PostTransformationJob;
    // The event of an older job may have been deleted already, so nobody knows whether its failure was reported.
    if (job.eventId < firstId || (await findEvent(reader, job.eventId)) !== undefined) continue;
    const context = await findEventContext(reader, job.accountId, job.publicUrl);
    if (!isTold(context, "upload.post-transform.error")) continue;
    if ((await findDeliverableVersion(reader, viewerOfServer(job.accountId), job.versionId)) === undefined) continue;
    await database.run(recordPostTransformation, { job, failure: encodingFailed, now: now() });
    told += 1;
  }
  return told;
}

type MakingDeps = Parameters<typeof makePostTransformation>[0];

export const postTransformationJob = defineJob<MakingDeps, PostTransformationJob>({
  kind: postTransformationKind,
  // All attempts take about three quarters of an hour.
  retries: 10,
  backoff: { firstSeconds: 5, maxSeconds: 600 },
  leaseSeconds: 60,
  runSeconds: 300,
  singleton: false,
  // These jobs share the image engine with requests that wait for an image.
  concurrency: 1,
  // The cache has the images that are made.
  whenStopped: "returns",
  owners: [{ member: "accountId", table: "accounts" }],
  run: (deps, { input, isLast }, signal) => makePostTransformation(deps, input, isLast, signal),
});

type ExpiryDeps = Parameters<typeof expirePostTransformations>[0] &
  SweepingDeps & { readonly logger: Logger; readonly queue: Pick<JobQueue, "deadLetters"> };

export const expireTransformationsJob = defineJob<ExpiryDeps, Nothing>({
  ...sweeping,
  kind: jobKind("expire-transformations"),
  async run(deps, _run, signal) {
    const expiredTransformations = await expirePostTransformations(deps, deps.queue, signal);
    deps.logger.debug({ expiredTransformations }, "reported post-transformations that were never made");
  },
});
