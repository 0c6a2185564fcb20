import type { Connection } from "../../database/database.ts";
import { type BulkJobRow, updateBulkJob } from "../../database/repositories/bulk-jobs.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { purgeFilesKind } from "../purges/job-kinds.ts";
import type { Position, StepResult } from "./job-position.ts";

/** The part of its work that a job could not do, as it is kept with the job. */
export interface JobProblem {
  readonly reason: "VERSION_LIMIT" | "STORAGE_LIMIT" | "PATH_LIMIT" | "ACCOUNT_DISABLED" | "FAILED";
  /** The number of files that were left alone. */
  readonly files?: number;
  /** The path of the first of those files. */
  readonly first?: string | null;
}

/** The columns of a job that has ended. Its paths are free from now on. */
export function endedJob(
  job: Pick<BulkJobRow, "done" | "total">,
  problem: JobProblem | undefined,
  now: number,
): Pick<BulkJobRow, "status" | "done" | "error" | "ended_at"> {
  return {
    status: "Completed",
    done: problem === undefined ? job.total : Math.min(job.done, job.total),
    error: problem === undefined ? null : JSON.stringify(problem),
    ended_at: now,
  };
}

export function problemOf(position: Position, problem: StepResult["problem"]): JobProblem | undefined {
  if (problem === "storage limit") return { reason: "STORAGE_LIMIT" };
  if (problem === "path limit") return { reason: "PATH_LIMIT" };
  if (position.skipped === 0) return undefined;
  return { reason: "VERSION_LIMIT", files: position.skipped, first: position.firstSkipped };
}

export async function endJob(
  connection: Connection,
  job: BulkJobRow,
  problem: JobProblem | undefined,
  now: number,
): Promise<void> {
  await updateBulkJob(connection, job.id, endedJob(job, problem, now));
  // Only now do the files have the paths that the purge is about.
  if (job.purge_id !== null) await enqueueJob(connection, purgeFilesKind, { purgeId: job.purge_id });
}
