import type { Admission, Job, Report } from "../job.ts";

/** One attempt to upload a file. The job's session outlives it. */
export interface Attempt {
  readonly job: Job;
  readonly file: Blob;
  readonly endpoint: string;
  /** Gets a token. It is presented once, when a session is created. */
  readonly admit: () => Promise<Admission>;
  readonly stallTimeout: number;
  readonly progress: Report["progress"];
  readonly signal: AbortSignal;
}
