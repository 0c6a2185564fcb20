import { closeMs, endedWithin } from "../concurrency/ended-within.ts";
import type { Connection } from "../database/database.ts";
import { insertJob } from "./enqueue-job.ts";

export interface RecurringJob {
  readonly name: string;
  readonly everySeconds: number;
}

/**
 * Enqueues each job once in its span of time, however often and by whichever node this is called.
 * @returns whether any was due
 */
export async function enqueueRecurringJobs(
  connection: Connection,
  { jobs }: { readonly jobs: readonly RecurringJob[] },
): Promise<boolean> {
  let due = false;
  for (const { name, everySeconds } of jobs) {
    due = (await insertJob(connection, { name, input: {}, oncePerSeconds: everySeconds })) || due;
  }
  return due;
}

const maxPauseMs = 60_000;

/**
 * Enqueues the recurring jobs at the start, and then often enough. The database lets one job through in each span of
 * time, whichever node enqueues it.
 */
export class Recurrence {
  readonly #timer: NodeJS.Timeout;
  readonly #enqueue: () => Promise<void>;
  #running: Promise<void> | undefined;

  /** @param enqueue reports its own failures; it rejects with no other */
  constructor(jobs: readonly RecurringJob[], enqueue: () => Promise<void>) {
    this.#enqueue = enqueue;
    const shortestMs = 1000 * Math.min(...jobs.map(({ everySeconds }) => everySeconds));
    this.#timer = setInterval(() => this.#tick(), Math.min(maxPauseMs, shortestMs / 2)).unref();
    this.#tick();
  }

  /** Waits for what is being enqueued, but not for a database that hangs. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#running !== undefined) await endedWithin(closeMs, this.#running);
  }

  #tick(): void {
    this.#running ??= this.#enqueue().finally(() => {
      this.#running = undefined;
    });
  }
}
