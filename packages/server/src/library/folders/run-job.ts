import { setTimeout as sleep } from "node:timers/promises";
import type { JobRun } from "../../jobs/job.ts";
import type { FolderJobInput } from "./job-kinds.ts";
import type { FolderNeeds } from "./needs.ts";
import { progressOf } from "./progress-of-job.ts";

const maxPauseMs = 100;

/**
 * Takes the steps of a folder job that are left. Between two steps it rests as long as the step took, so that uploads
 * and other requests have their turn.
 */
export async function runFolderJob(
  { config, database, now }: FolderNeeds,
  { input: { jobId }, isLast, report }: Pick<JobRun<FolderJobInput>, "input" | "isLast" | "report">,
  signal: AbortSignal,
): Promise<void> {
  const { storageBytes: storageLimit } = config.limits;
  try {
    for (;;) {
      signal.throwIfAborted();
      const began = performance.now();
      const outcome = await database.run("advanceFolderJob", { jobId, storageLimit, now: now() });
      if (outcome === "ended") return;
      if (outcome.outcome === "under way") report(outcome.job.account_id, progressOf(outcome.job));
      await sleep(Math.min(performance.now() - began, maxPauseMs), undefined, { signal });
    }
  } catch (error) {
    // The paths must not stay locked. A run that is cut short goes on elsewhere.
    if (isLast && !signal.aborted) await database.run("failFolderJob", { jobId, now: now() });
    throw error;
  }
}
