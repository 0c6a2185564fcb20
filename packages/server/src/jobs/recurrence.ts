import type { RecurringJob } from "./recurring-transactions.ts";

const mostMs = 60_000;

/** At the start and then often enough: the database lets one through in each span of time, from whichever node. */
export class Recurrence {
  readonly #timer: NodeJS.Timeout;
  readonly #enqueue: () => Promise<void>;
  #running: Promise<void> | undefined;

  /** @param enqueue rejects with nothing that isn't told elsewhere */
  constructor(jobs: readonly RecurringJob[], enqueue: () => Promise<void>) {
    this.#enqueue = enqueue;
    const shortestMs = 1000 * Math.min(...jobs.map(({ everySeconds }) => everySeconds));
    this.#timer = setInterval(() => this.#tick(), Math.min(mostMs, shortestMs / 2)).unref();
    this.#tick();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #tick(): void {
    this.#running ??= this.#enqueue().finally(() => {
      this.#running = undefined;
    });
  }
}
