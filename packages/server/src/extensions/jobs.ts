import type { Logger } from "pino";
import { defineJob, jobKind, type Nothing } from "../jobs/job.ts";
import { type SweepingNeeds, sweeping } from "../jobs/sweeping.ts";
import { expireExtensions } from "./expire-extensions.ts";
import { type ExtensionJob, runExtensionKind } from "./job-kinds.ts";
import { type RunNeeds, runExtensionJob as runJob } from "./run-extension.ts";

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
