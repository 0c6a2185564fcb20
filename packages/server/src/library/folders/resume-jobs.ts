import { listPendingBulkJobs } from "../../database/repositories/bulk-jobs.ts";
import { type ProgressNeeds, withProgress } from "../../jobs/progress/report-progress.ts";
import { folderJobKind } from "./job-kinds.ts";
import type { FolderNeeds } from "./needs.ts";
import { runFolderJob } from "./run-job.ts";

/** Longer than all attempts of a job take that fails each time, so a job that is older may have lost its worker. */
const maxAgeMs = 2 * 3600 * 1000;

/**
 * Goes on with folder jobs that were started long ago, one after the other, so that no path stays locked. One on which
 * a worker is busy all the same is only done sooner. One that fails is ended as failed.
 * @returns how many jobs have ended
 */
export async function resumeFolderJobs(needs: FolderNeeds & ProgressNeeds, signal: AbortSignal): Promise<number> {
  const jobIds = await listPendingBulkJobs(needs.database.reader, needs.now() - maxAgeMs);
  const failures: unknown[] = [];
  for (const jobId of jobIds) {
    signal.throwIfAborted();
    try {
      const run = { job: folderJobKind.name, key: jobId, isLast: true, signal };
      await withProgress(needs, run, (report) =>
        runFolderJob(needs, { input: { jobId }, isLast: true, report }, signal),
      );
    } catch (error) {
      // The next one may be another account's.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "Some folder jobs could not go on.");
  return jobIds.length;
}
