/** How a queue treats the jobs of one name. */
export interface JobRules {
  /** How often a job is tried again after it has failed; then it is a dead letter. */
  readonly retries: number;
  /** Wait before the first retry; it doubles each time, up to `longestSeconds`, with jitter. */
  readonly backoff: { readonly firstSeconds: number; readonly longestSeconds: number };
  /** Without a sign of life for this long a worker counts as dead, and its job is somebody else's. At least 10. */
  readonly leaseSeconds: number;
  /** Ends a run that takes longer. */
  readonly runSeconds: number;
  /** Whether one of this name at most runs at a time, on all nodes together. */
  readonly singleton: boolean;
  /** How many of this name one process runs at a time. */
  readonly concurrency: number;
  /** How many of one lane one process runs at a time, so that one that takes long leaves room for the others. */
  readonly laneConcurrency?: number;
  /** Both of these on PostgreSQL, where one more at a time is one more that looks for jobs. */
  readonly onPostgres?: { readonly concurrency: number; readonly laneConcurrency: number };
}

/** The rules of every job that a queue knows, by its name. */
export type JobTable = Readonly<Record<string, JobRules>>;

/** How long a dead letter is kept. */
export const deadLetterDays = 90;
