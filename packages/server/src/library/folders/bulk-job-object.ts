import { SluiceError } from "@sluice/protocol";
import type { BulkJob, BulkJobProblem } from "@sluice/protocol/schemas";
import type { BulkJobRow } from "../../database/repositories/bulk-jobs.ts";
import type { JobProgress } from "../../jobs/progress/report-progress.ts";
import { maxVersions } from "../versions/add-version.ts";
import type { JobProblem } from "./end-job.ts";

/** A job as the media API shows it. A job that has ended without having done everything says why. */
export function bulkJobObject(row: BulkJobRow, progress: JobProgress | undefined): BulkJob | BulkJobProblem {
  const { id: jobId, type, status, purge_id: purgeRequestId, done, total, error } = row;
  if (type === "DELETE_FOLDER") throw new Error("the media API shows no deletions");
  const job: BulkJob = {
    jobId,
    type,
    status,
    ...(purgeRequestId !== null && { purgeRequestId }),
    // What is uploaded meanwhile is dealt with as well.
    done: Math.min(done, total),
    total,
    ...(progress !== undefined && { progress }),
  };
  if (error === null) return job;
  const { message, help, reason } = describe(JSON.parse(error) as JobProblem).toJSON();
  return { ...job, message, help, reason };
}

function describe({ reason, files = 0, first = null }: JobProblem): SluiceError {
  switch (reason) {
    case "VERSION_LIMIT":
      return new SluiceError("FILES_LEFT_ALONE", { files, limit: maxVersions, first: first ?? "" });
    case "STORAGE_LIMIT":
      return new SluiceError("COPY_STOPPED_BY_STORAGE_LIMIT");
    case "PATH_LIMIT":
      return new SluiceError("JOB_STOPPED_BY_PATH_LIMIT");
    case "ACCOUNT_DISABLED":
      return new SluiceError("ACCOUNT_DISABLED");
    case "FAILED":
      return new SluiceError("BULK_JOB_FAILED");
  }
}
