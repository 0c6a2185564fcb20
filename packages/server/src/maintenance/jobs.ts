import { defineJob, jobKind, type Nothing } from "../jobs/job.ts";
import { sweeping } from "../jobs/sweeping.ts";
import { expireTokens } from "./expire-tokens.ts";
import { inBatches } from "./in-batches.ts";
import type { MaintenanceNeeds } from "./needs.ts";
import { sweepBlobs } from "./sweep-blobs.ts";
import { sweepDerived } from "./sweep-derived.ts";
import { sweepSessions } from "./sweep-sessions.ts";
import { sweepUploads } from "./sweep-uploads.ts";

type JobNeeds = Omit<MaintenanceNeeds, "derived" | "spool">;

export const sweepBlobsJob = defineJob<JobNeeds, Nothing>({
  ...sweeping,
  kind: jobKind("sweep-blobs"),
  async run(needs, _run, signal) {
    needs.logger.debug(await sweepBlobs(needs, signal), "swept the blobs");
  },
});

export const sweepUploadsJob = defineJob<JobNeeds, Nothing>({
  ...sweeping,
  kind: jobKind("sweep-uploads"),
  everyMs: (needs) => (needs.blobs.leavesUnfinished === true ? sweeping.everyMs(needs) : undefined),
  async run(needs, _run, signal) {
    needs.logger.debug({ unfinishedUploads: await sweepUploads(needs, signal) }, "swept unfinished uploads");
  },
});

export const sweepSessionsJob = defineJob<JobNeeds, Nothing>({
  ...sweeping,
  kind: jobKind("sweep-resumable-uploads"),
  async run(needs, _run, signal) {
    const swept = await sweepSessions(needs, signal, { onExpired: () => needs.metrics.expiredUploads.inc() });
    needs.logger.debug(swept, "swept the resumable uploads");
  },
});

export const expireTokensJob = defineJob<JobNeeds, Nothing>({
  ...sweeping,
  kind: jobKind("expire-tokens"),
  async run(needs, _run, signal) {
    needs.logger.debug({ expiredTokens: await expireTokens(needs, signal) }, "forgot expired tokens");
  },
});

export const sweepDerivedJob = defineJob<JobNeeds, Nothing>({
  ...sweeping,
  kind: jobKind("sweep-derived"),
  everyMs: (needs) => (needs.blobs.sharedFiles === undefined ? undefined : sweeping.everyMs(needs)),
  async run(needs, _run, signal) {
    needs.logger.debug({ derivedFiles: await sweepDerived(needs, signal) }, "swept shared derived images");
  },
});

export const expireEventsJob = defineJob<JobNeeds, Nothing>({
  ...sweeping,
  kind: jobKind("expire-events"),
  async run(needs, _run, signal) {
    needs.logger.debug({ expiredEvents: await expireEvents(needs, signal) }, "forgot old events");
  },
});

/**
 * Deletes events, and records of attempts to deliver them, that are older than their retention time.
 * @returns how many there were
 */
async function expireEvents(
  { config, database, now }: Pick<MaintenanceNeeds, "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const before = now() - config.limits.eventsMs;
  return inBatches(signal, (limit) => database.run("pruneEvents", { before, limit }));
}
