import { NoSlotError } from "./wait-for-slot.ts";

/** The tasks of a queue, from the moment in which they ask for a slot to their end. */
export class TaskRuns {
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  /**
   * Runs the task. A caller that goes away hears of it at once, while the task goes on to its end: native work can't be
   * called back.
   * @param task its signal is aborted when the caller goes away, and when the queue is closed
   * @throws what the task throws; the signal's reason; NoSlotError `closed`
   */
  async run<T>(task: (stop: AbortSignal) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const closing = this.#closing.signal;
    const stop = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    stop.throwIfAborted();
    const stopped = Promise.withResolvers<never>();
    const abort = (): void => stopped.reject(stop.reason);
    stop.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([this.#follow(task(stop)), stopped.promise]);
    } finally {
      stop.removeEventListener("abort", abort);
    }
  }

  /** Refuses tasks that wait or come, and waits for those that run. */
  async close(): Promise<void> {
    this.#closing.abort(new NoSlotError("closed"));
    await Promise.allSettled(this.#running);
  }

  async #follow<T>(running: Promise<T>): Promise<T> {
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }
}
