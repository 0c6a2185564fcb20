import { jobKind } from "../../jobs/job.ts";

/** Does the rest of a folder job that its request could not do at once. */
export interface FolderJobInput {
  readonly jobId: string;
}

export const folderJobKind = jobKind<FolderJobInput>("folder-job");
