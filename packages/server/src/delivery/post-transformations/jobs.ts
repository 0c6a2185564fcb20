import type { Logger } from "pino";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import type { JobQueue } from "../../jobs/job-queue.ts";
import { type SweepingNeeds, sweeping } from "../../jobs/sweeping.ts";
import { expirePostTransformations } from "./expire-post-transformations.ts";
import { postTransformationKind } from "./job-kinds.ts";
import { makePostTransformation } from "./make-post-transformation.ts";
import type { PostTransformationJob } from "./post-transformation.ts";

type MakingNeeds = Parameters<typeof makePostTransformation>[0];

export const postTransformationJob = defineJob<MakingNeeds, PostTransformationJob>({
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
  run: (needs, { input, isLast }, signal) => makePostTransformation(needs, input, isLast, signal),
});

type ExpiryNeeds = Parameters<typeof expirePostTransformations>[0] &
  SweepingNeeds & { readonly logger: Logger; readonly queue: Pick<JobQueue, "deadLetters"> };

export const expireTransformationsJob = defineJob<ExpiryNeeds, Nothing>({
  ...sweeping,
  kind: jobKind("expire-transformations"),
  async run(needs, _run, signal) {
    const expiredTransformations = await expirePostTransformations(needs, needs.queue, signal);
    needs.logger.debug({ expiredTransformations }, "reported post-transformations that were never made");
  },
});
