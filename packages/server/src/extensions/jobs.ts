import type { Logger } from "pino";
import { listExtensionRunsBefore } from "../database/repositories/extension-runs.ts";
import { defineJob, jobKind, type Nothing } from "../jobs/job.ts";
import { type SweepingNeeds, sweeping } from "../jobs/sweeping.ts";
import { type ExtensionJob, runExtensionKind } from "./job-kinds.ts";
import { endAsFailed, type RunNeeds, runExtensionJob as runJob, runOf } from "./run-extension.ts";

/** Longer than all attempts of a job take, so a run that is older has lost its job. */
const maxAgeMs = 24 * 3600 * 1000;
const batchSize = 100;

/**
 * Ends runs that nobody works on any more as failed, so that the receivers of their results are told.
 * @returns how many runs were ended
 */
export async function expireExtensions(
  services: Pick<RunNeeds, "database" | "logger" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const error = { reason: "PROVIDER_FAILED", message: "The extension was not done within a day." };
  let ended = 0;
  for (;;) {
    const rows = await listExtensionRunsBefore(services.database.reader, services.now() - maxAgeMs, batchSize);
    for (const row of rows) {
      signal.throwIfAborted();
      await endAsFailed(services, runOf(row), error, false);
      ended += 1;
    }
    if (rows.length < batchSize) return ended;
  }
}

/** The retries are spread out far enough for a provider that is down for an hour. */
export const runExtensionJob = defineJob<RunNeeds, ExtensionJob>({
  kind: runExtensionKind,
  retries: 9,
  backoff: { firstSeconds: 10, maxSeconds: 1800 },
  leaseSeconds: 60,
  runSeconds: 900,
  singleton: false,
  concurrency: 8,
  laneConcurrency: 3,
  // A provider has been asked, and may be paid.
  whenStopped: "finishes",
  owners: [{ member: "runId", table: "extension_runs" }],
  run: (needs, { input, isLast }, signal) => runJob(needs, input.runId, isLast, signal),
});

type ExpiryNeeds = SweepingNeeds & Pick<RunNeeds, "database" | "now"> & { readonly logger: Logger };

export const expireExtensionsJob = defineJob<ExpiryNeeds, Nothing>({
  ...sweeping,
  kind: jobKind("expire-extensions"),
  async run(needs, _run, signal) {
    needs.logger.debug(
      { expiredExtensions: await expireExtensions(needs, signal) },
      "ended extension runs that no job works on",
    );
  },
});
