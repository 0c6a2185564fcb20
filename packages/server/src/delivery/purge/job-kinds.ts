import { jobKind } from "../../jobs/job.ts";

/** A request with a wildcard. */
export interface PurgeJob {
  readonly purgeId: string;
}

export const purgeFilesKind = jobKind<PurgeJob>("purge-files");
