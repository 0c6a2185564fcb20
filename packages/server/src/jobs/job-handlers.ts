import { expireTokens } from "../maintenance/expire-tokens.ts";
import { sweepBlobs } from "../maintenance/sweep-blobs.ts";
import { sweepUploads } from "../maintenance/sweep-uploads.ts";
import type { Services } from "../services.ts";
import type { NamedHandler } from "./assign-handlers.ts";

export type JobServices = Pick<Services, "blobs" | "config" | "database" | "logger" | "metrics" | "now">;

/** Who does which job. */
export function jobHandlers(services: JobServices): NamedHandler[] {
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
  ];
}
