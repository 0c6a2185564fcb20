import { pruneEvents } from "../events/event-transactions.ts";
import { defineJob, jobKind, type Nothing } from "../jobs/job.ts";
import { sweeping } from "../jobs/sweeping.ts";
import type { MaintenanceDeps } from "./deps.ts";
import { expireTokens } from "./expire-tokens.ts";
import { inBatches } from "./in-batches.ts";
import { sweepBlobs } from "./sweep-blobs.ts";
import { sweepDerived } from "./sweep-derived.ts";
import { sweepSessions, sweepUploads } from "./sweep-sessions.ts";

/**
 * Deletes events, and records of attempts to deliver them, that are older than their retention time.
 * @returns how many there were
 */
async function expireEvents(
  { config, database, now }: Pick<MaintenanceDeps, "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const before = now() - config.limits.eventsMs;
  return inBatches(signal, (limit) => database.run(pruneEvents, { before, limit }));
}

type JobDeps = Omit<MaintenanceDeps, "derived" | "spool">;

export const sweepBlobsJob = defineJob<JobDeps, Nothing>({
  ...sweeping,
  kind: jobKind("sweep-blobs"),
  async run(deps, _run, signal) {
    deps.logger.debug(await sweepBlobs(deps, signal), "swept the blobs");
  },
});

export const sweepUploadsJob = defineJob<JobDeps, Nothing>({
  ...sweeping,
  kind: jobKind("sweep-uploads"),
  everyMs: (deps) => (deps.blobs.leavesUnfinished === true ? sweeping.everyMs(deps) : undefined),
  async run(deps, _run, signal) {
    deps.logger.debug({ unfinishedUploads: await sweepUploads(deps, signal) }, "swept unfinished uploads");
  },
});

export const sweepSessionsJob = defineJob<JobDeps, Nothing>({
  ...sweeping,
  kind: jobKind("sweep-resumable-uploads"),
  async run(deps, _run, signal) {
    const swept = await sweepSessions(deps, signal, { onExpired: () => deps.metrics.expiredUploads.inc() });
    deps.logger.debug(swept, "swept the resumable uploads");
  },
});

export const expireTokensJob = defineJob<JobDeps, Nothing>({
  ...sweeping,
  kind: jobKind("expire-tokens"),
  async run(deps, _run, signal) {
    deps.logger.debug({ expiredTokens: await expireTokens(deps, signal) }, "forgot expired tokens");
  },
});

export const sweepDerivedJob = defineJob<JobDeps, Nothing>({
  ...sweeping,
  kind: jobKind("sweep-derived"),
  everyMs: (deps) => (deps.blobs.sharedFiles === undefined ? undefined : sweeping.everyMs(deps)),
  async run(deps, _run, signal) {
    deps.logger.debug({ derivedFiles: await sweepDerived(deps, signal) }, "swept shared derived images");
  },
});

export const expireEventsJob = defineJob<JobDeps, Nothing>({
  ...sweeping,
  kind: jobKind("expire-events"),
  async run(deps, _run, signal) {
    deps.logger.debug({ expiredEvents: await expireEvents(deps, signal) }, "forgot old events");
  },
});
