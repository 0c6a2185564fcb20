import { closeMs, endedWithin } from "../concurrency/ended-within.ts";
import type { RecurringJob } from "./recurring-transactions.ts";

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
