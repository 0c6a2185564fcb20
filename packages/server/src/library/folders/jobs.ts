import type { Logger } from "pino";
import { defineJob, jobKind, type Nothing } from "../../jobs/job.ts";
import type { ProgressNeeds } from "../../jobs/progress/report-progress.ts";
import { type SweepingNeeds, sweeping } from "../../jobs/sweeping.ts";
import { type FolderJobInput, folderJobKind } from "./job-kinds.ts";
import type { FolderNeeds } from "./needs.ts";
import { resumeFolderJobs } from "./resume-jobs.ts";
import { runFolderJob } from "./run-job.ts";

export const folderJob = defineJob<FolderNeeds, FolderJobInput>({
  kind: folderJobKind,
  retries: 12,
  backoff: { firstSeconds: 1, maxSeconds: 300 },
  // The lease is short, because somebody may be waiting for a folder whose worker has died.
  leaseSeconds: 10,
  runSeconds: 6 * 3600,
  singleton: false,
  concurrency: 8,
  // An account with many large folders leaves room for the others.
  laneConcurrency: 3,
  onPostgres: { concurrency: 3, laneConcurrency: 2 },
  whenStopped: "returns",
  owners: [{ member: "jobId", table: "bulk_jobs" }],
  progressBy: "jobId",
  run: runFolderJob,
});

export const resumeFolderJobsJob = defineJob<
  FolderNeeds & ProgressNeeds & SweepingNeeds & { readonly logger: Logger },
  Nothing
>({
  ...sweeping,
  kind: jobKind("resume-folder-jobs"),
  async run(needs, _run, signal) {
    needs.logger.debug({ resumedJobs: await resumeFolderJobs(needs, signal) }, "went on with old folder jobs");
  },
});
