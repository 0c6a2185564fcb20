import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { type BulkJobRow, listPendingBulkJobs } from "../../database/repositories/bulk-jobs.ts";
import { defineJob, type JobRun, jobKind, type Nothing } from "../../jobs/job.ts";
import type { JobProgress } from "../../jobs/progress/report-progress.ts";
import { type ProgressDeps, withProgress } from "../../jobs/progress/report-progress.ts";
import { type SweepingDeps, sweeping } from "../../jobs/sweeping.ts";
import { advanceFolderJob, failFolderJob } from "./advance-job.ts";
import { type FolderJobInput, folderJobKind } from "./job-kinds.ts";
import type { FolderDeps } from "./manage-folders.ts";

const messages = {
  COPY_FOLDER: (count: string) => `${count} files and folders are copied.`,
  MOVE_FOLDER: (count: string) => `${count} files and folders are moved.`,
  RENAME_FOLDER: (count: string) => `${count} folders have their new path.`,
  DELETE_FOLDER: (count: string) => `${count} files and folders are deleted.`,
} as const satisfies Record<BulkJobRow["type"], (count: string) => string>;

/** Says how far a folder job is. What is uploaded meanwhile is dealt with as well, so more may be done than was to do. */
function progressOf({ type, done, total }: Pick<BulkJobRow, "type" | "done" | "total">): JobProgress {
  const shown = Math.min(done, total);
  return { fraction: total === 0 ? 0 : shown / total, message: messages[type](countOf(shown, total)) };
}

function countOf(done: number, total: number): string {
  return `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
}

const maxPauseMs = 100;

/**
 * Takes the steps of a folder job that are left. Between two steps it rests as long as the step took, so that uploads
 * and other requests have their turn.
 */
export async function runFolderJob(
  { config, database, now }: FolderDeps,
  { input: { jobId }, isLast, report }: Pick<JobRun<FolderJobInput>, "input" | "isLast" | "report">,
  signal: AbortSignal,
): Promise<void> {
  const { storageBytes: storageLimit } = config.limits;
  try {
    for (;;) {
      signal.throwIfAborted();
      const began = performance.now();
      const outcome = await database.run(advanceFolderJob, { jobId, storageLimit, now: now() });
      if (outcome === "ended") return;
      if (outcome.outcome === "under way") report(outcome.job.account_id, progressOf(outcome.job));
      await sleep(Math.min(performance.now() - began, maxPauseMs), undefined, { signal });
    }
  } catch (error) {
    // The paths must not stay locked. A run that is cut short goes on elsewhere.
    if (isLast && !signal.aborted) await database.run(failFolderJob, { jobId, now: now() });
    throw error;
  }
}

/** Longer than all attempts of a job take that fails each time, so a job that is older may have lost its worker. */
const maxAgeMs = 2 * 3600 * 1000;

/**
 * Goes on with folder jobs that were started long ago, one after the other, so that no path stays locked. One on which
 * a worker is busy all the same is only done sooner. One that fails is ended as failed.
 * @returns how many jobs have ended
 */
export async function resumeFolderJobs(deps: FolderDeps & ProgressDeps, signal: AbortSignal): Promise<number> {
  const jobIds = await listPendingBulkJobs(deps.database.reader, deps.now() - maxAgeMs);
  const failures: unknown[] = [];
  for (const jobId of jobIds) {
    signal.throwIfAborted();
    try {
      const run = { job: folderJobKind.name, key: jobId, isLast: true, signal };
      await withProgress(deps, run, (report) => runFolderJob(deps, { input: { jobId }, isLast: true, report }, signal));
    } catch (error) {
      // The next one may be another account's.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "Some folder jobs could not go on.");
  return jobIds.length;
}

export const folderJob = defineJob<FolderDeps, FolderJobInput>({
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
  FolderDeps & ProgressDeps & SweepingDeps & { readonly logger: Logger },
  Nothing
>({
  ...sweeping,
  kind: jobKind("resume-folder-jobs"),
  async run(deps, _run, signal) {
    deps.logger.debug({ resumedJobs: await resumeFolderJobs(deps, signal) }, "went on with old folder jobs");
  },
});
