/** A job that a worker has taken. */
export interface RunningJob {
  readonly id: string;
  readonly name: string;
  /** The enqueued input, which is JSON. */
  readonly input: object;
  /** The attempt's number, from 1. */
  readonly attempt: number;
}

/** Runs any job, by its name; see `Job.run`. */
export type JobHandler = (job: RunningJob, signal: AbortSignal) => Promise<void>;

/**
 * The end of one run of a job. A job that `failed` is tried again, a `dead` one is not, and a `returned` one was cut
 * short by the process's end.
 */
export type JobOutcome = "done" | "failed" | "dead" | "returned";

export interface DeadLetter {
  readonly id: string;
  readonly name: string;
  readonly input: object;
  readonly error: string;
  readonly diedAt: Date;
}

export interface QueueDepth {
  readonly name: string;
  /** Jobs that are due now or later, retries included. */
  readonly waiting: number;
  readonly active: number;
  /** Jobs that have failed for good, until they are retried or forgotten. */
  readonly dead: number;
  /** The number of seconds that the job that has been due for longest has waited; 0 when none is due. */
  readonly overdue: number;
}

/**
 * Runs the jobs that `enqueueJob` has put into transactions, each at least once. The queue knows a job by its name and
 * its rules. Only the database decides which node runs which job. Adapters pass `describeJobQueue`.
 */
export interface JobQueue {
  /** Starts taking jobs. */
  start(handler: JobHandler): Promise<void>;
  /**
   * Makes the queue look at once for jobs that were enqueued just now, of one name or any. It only makes them start
   * sooner.
   */
  wake(name?: string): void;
  /**
   * Takes no more jobs. Running ones whose rules say so go back into the queue at once. The others may finish. Those
   * that still run after `patienceMs` are aborted and go back as well.
   */
  stop(patienceMs: number): Promise<void>;
  /** Releases everything that the queue holds, including running jobs. */
  close(): Promise<void>;
  depths(): Promise<QueueDepth[]>;
  /** The dead letters of one name or any, the newest first. */
  deadLetters(limit: number, name?: string): Promise<DeadLetter[]>;
  /**
   * Makes one dead letter, or all of a name, run again with as many attempts as a new job has.
   * @returns how many there were
   */
  retryDead(which: { readonly id: string } | { readonly name: string }): Promise<number>;
}

/** The events that a queue reports. */
export interface JobObserver {
  /** @param error why it failed, described without secrets */
  ended(job: RunningJob, outcome: JobOutcome, error?: string): void;
  /** The queue itself can't work for the moment. It goes on trying. */
  troubled(error: unknown): void;
}

/** The jobs of one name and state, as an adapter counts them. */
export interface JobCount {
  readonly name: string;
  readonly state: string;
  readonly count: number;
  /** Seconds since the first of these jobs was due; negative when that time is still to come. */
  readonly overdue: number;
}

/** Returns one row for each job of the table, including those with nothing to do. */
export function depthsOf(table: Readonly<Record<string, object>>, counts: readonly JobCount[]): QueueDepth[] {
  const rowOf = (name: string, state: string) => counts.find((row) => row.name === name && row.state === state);
  return Object.keys(table).map((name) => ({
    name,
    waiting: rowOf(name, "waiting")?.count ?? 0,
    active: rowOf(name, "active")?.count ?? 0,
    dead: rowOf(name, "dead")?.count ?? 0,
    overdue: Math.max(0, rowOf(name, "waiting")?.overdue ?? 0),
  }));
}
