import type { Services } from "../app/services.ts";
import { expirePostTransformations } from "../delivery/post-transformations/expire-post-transformations.ts";
import { makePostTransformation } from "../delivery/post-transformations/make-post-transformation.ts";
import { purgeMany } from "../delivery/purge/purge.ts";
import type { Webhooks } from "../events/open-webhooks.ts";
import { expireExtensions } from "../extensions/expire-extensions.ts";
import { runExtensionJob } from "../extensions/run-extension.ts";
import { expireEvents } from "../maintenance/expire-events.ts";
import { expireTokens } from "../maintenance/expire-tokens.ts";
import { sweepBlobs } from "../maintenance/sweep-blobs.ts";
import { sweepDerived } from "../maintenance/sweep-derived.ts";
import { sweepUploads } from "../maintenance/sweep-uploads.ts";
import type { NamedHandler } from "./assign-handlers.ts";
import type { JobQueue } from "./job-queue.ts";
import { type JobInputs, jobTable } from "./job-table.ts";

export type JobServices = Pick<
  Services,
  | "blobs"
  | "config"
  | "customFields"
  | "database"
  | "derived"
  | "extensions"
  | "images"
  | "logger"
  | "metrics"
  | "namedTransformations"
  | "now"
  | "scanner"
>;

/** Who does which job. */
export function jobHandlers(
  services: JobServices,
  webhooks: Pick<Webhooks, "deliver">,
  queue: Pick<JobQueue, "deadLetters">,
): NamedHandler[] {
  const { logger } = services;
  return [
    ["sweep-blobs", async (_job, signal) => logger.debug(await sweepBlobs(services, signal), "swept the blobs")],
    [
      "sweep-uploads",
      async (_job, signal) =>
        logger.debug({ unfinishedUploads: await sweepUploads(services, signal) }, "swept unfinished uploads"),
    ],
    [
      "expire-tokens",
      async (_job, signal) =>
        logger.debug({ expiredTokens: await expireTokens(services, signal) }, "forgot expired tokens"),
    ],
    [
      "expire-events",
      async (_job, signal) =>
        logger.debug({ expiredEvents: await expireEvents(services, signal) }, "forgot old events"),
    ],
    [
      "sweep-derived",
      async (_job, signal) =>
        logger.debug({ derivedFiles: await sweepDerived(services, signal) }, "swept shared derived images"),
    ],
    ["deliver-webhook", webhooks.deliver],
    ["purge-files", ({ input }, signal) => purgeMany(services, (input as JobInputs["purge-files"]).purgeId, signal)],
    [
      "run-extension",
      async ({ input, attempt }, signal) => {
        const { runId } = input as JobInputs["run-extension"];
        await runExtensionJob(services, runId, attempt > jobTable["run-extension"].retries, signal);
      },
    ],
    [
      "post-transformation",
      ({ input, attempt }, signal) => {
        const isLast = attempt > jobTable["post-transformation"].retries;
        return makePostTransformation(services, input as JobInputs["post-transformation"], isLast, signal);
      },
    ],
    [
      "expire-transformations",
      async (_job, signal) =>
        logger.debug(
          { expiredTransformations: await expirePostTransformations(services, queue, signal) },
          "told of transformations that were never made",
        ),
    ],
    [
      "expire-extensions",
      async (_job, signal) =>
        logger.debug({ expiredExtensions: await expireExtensions(services, signal) }, "ended forgotten extensions"),
    ],
  ];
}
