import { jobKind } from "../../jobs/job.ts";

/** The job that carries out a purge request with a wildcard. */
export interface PurgeJob {
  readonly purgeId: string;
}

export const purgeFilesKind = jobKind<PurgeJob>("purge-files");
