import { defineJob } from "../../jobs/job.ts";
import { type PurgeJob, purgeFilesKind } from "../../library/purges/job-kinds.ts";
import { purgeMany } from "./purge.ts";

export const purgeFilesJob = defineJob<Parameters<typeof purgeMany>[0], PurgeJob>({
  kind: purgeFilesKind,
  retries: 8,
  backoff: { firstSeconds: 5, maxSeconds: 600 },
  // The lease is short, because somebody may be waiting for a purge whose worker has died.
  leaseSeconds: 15,
  runSeconds: 3600,
  singleton: false,
  concurrency: 1,
  whenStopped: "returns",
  owners: [{ member: "purgeId", table: "purges" }],
  progressBy: "purgeId",
  run: (deps, { input, report }, signal) => purgeMany(deps, input.purgeId, report, signal),
});
