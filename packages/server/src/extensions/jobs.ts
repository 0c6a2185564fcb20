import type { Logger } from "pino";
import { listExtensionRunsBefore } from "../database/repositories/extension-runs.ts";
import { defineJob, jobKind, type Nothing } from "../jobs/job.ts";
import { type SweepingDeps, sweeping } from "../jobs/sweeping.ts";
import { type ExtensionJob, runExtensionKind } from "./job-kinds.ts";
import { endAsFailed, type RunDeps, runExtensionJob as runJob, runOf } from "./run-extension.ts";

/** Longer than all attempts of a job take, so a run that is older has lost its job. */
const maxAgeMs = 24 * 3600 * 1000;
const batchSize = 100;

/**
 * Ends runs that nobody works on any more as failed, so that the receivers of their results are told.
 * @returns how many runs were ended
 */
export async function expireExtensions(
  services: Pick<RunDeps, "database" | "logger" | "now">,
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
export const runExtensionJob = defineJob<RunDeps, ExtensionJob>({
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
  run: (deps, { input, isLast }, signal) => runJob(deps, input.runId, isLast, signal),
});

type ExpiryDeps = SweepingDeps & Pick<RunDeps, "database" | "now"> & { readonly logger: Logger };

export const expireExtensionsJob = defineJob<ExpiryDeps, Nothing>({
  ...sweeping,
  kind: jobKind("expire-extensions"),
  async run(deps, _run, signal) {
    deps.logger.debug(
      { expiredExtensions: await expireExtensions(deps, signal) },
      "ended extension runs that no job works on",
    );
  },
});
