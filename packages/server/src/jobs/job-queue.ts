/** A job in the hands of a worker. */
export interface RunningJob {
  readonly id: string;
  readonly name: string;
  /** What was enqueued: JSON. */
  readonly input: object;
  /** Counted from 1. */
  readonly attempt: number;
}

/** Does any job, by its name; see `Job.run`. */
export type JobHandler = (job: RunningJob, signal: AbortSignal) => Promise<void>;

/** How one run of a job ended: `failed` is tried again, `dead` is not, `returned` was cut short by the process's end. */
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
  /** Due now or later, retries included. */
  readonly waiting: number;
  readonly active: number;
  /** Seconds for which the one that has been due for longest has waited; 0 when none is due. */
  readonly overdue: number;
}

/**
 * Runs the jobs that `enqueueJob` has put into transactions, each at least once. The queue knows a job by its name
 * and its rules; which node runs what is decided by the database alone. Adapters pass `describeJobQueue`.
 */
export interface JobQueue {
  /** Begins to take jobs. */
  start(handler: JobHandler): Promise<void>;
  /** Has jobs that were enqueued just now, of one name or any, looked for at once: what is only to make them quicker. */
  wake(name?: string): void;
  /** Takes no more, lets what runs finish; what still runs after `patienceMs` is aborted and goes back. */
  stop(patienceMs: number): Promise<void>;
  /** Lets go of what it holds, what runs included. */
  close(): Promise<void>;
  depths(): Promise<QueueDepth[]>;
  /** Of one name or any, the newest first. */
  deadLetters(limit: number, name?: string): Promise<DeadLetter[]>;
  /** Has one of them, or all of a name, run again, with as many attempts as a new one. @returns how many there were */
  retryDead(which: { readonly id: string } | { readonly name: string }): Promise<number>;
}

/** What a queue tells of itself. */
export interface JobObserver {
  /** @param error why it failed, told without secrets */
  ended(job: RunningJob, outcome: JobOutcome, error?: string): void;
  /** The queue itself can't do its work for the moment; it goes on trying. */
  troubled(error: unknown): void;
}
