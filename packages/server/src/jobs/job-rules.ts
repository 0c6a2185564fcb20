/** How a queue treats the jobs of one name. */
export interface JobRules {
  /** How often a job is retried after it has failed. Then it becomes a dead letter. */
  readonly retries: number;
  /** The wait before the first retry. It doubles each time, up to `maxSeconds`, with jitter. */
  readonly backoff: { readonly firstSeconds: number; readonly maxSeconds: number };
  /**
   * The length of the lease: a worker without a sign of life for this long counts as dead, and another one takes its
   * job. At least 10.
   */
  readonly leaseSeconds: number;
  /** Ends a run that takes longer. */
  readonly runSeconds: number;
  /** Whether at most one job of this name runs at a time, on all nodes together. */
  readonly singleton: boolean;
  /** How many jobs of this name one process runs at a time. */
  readonly concurrency: number;
  /** How many jobs of one lane one process runs at a time, so that a lane of long jobs leaves room for the others. */
  readonly laneConcurrency?: number;
  /** Both values on PostgreSQL, where each additional job at a time is one more worker that looks for jobs. */
  readonly onPostgres?: { readonly concurrency: number; readonly laneConcurrency: number };
}

/** The rules of every job that a queue knows, by its name. */
export type JobTable = Readonly<Record<string, JobRules>>;

/** How long a dead letter is kept. */
export const deadLetterDays = 90;
