import { jobKind } from "../jobs/job.ts";

/** The input of the job that runs an extension. */
export interface ExtensionJob {
  readonly runId: string;
}

export const runExtensionKind = jobKind<ExtensionJob>("run-extension");
