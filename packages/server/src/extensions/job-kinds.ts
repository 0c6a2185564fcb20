import { jobKind } from "../jobs/job.ts";

/** The run of an extension. */
export interface ExtensionJob {
  readonly runId: string;
}

export const runExtensionKind = jobKind<ExtensionJob>("run-extension");
