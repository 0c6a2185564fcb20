import pLimit from "p-limit";
import { MediaError } from "./media-error.ts";

export interface BoundedQueueOptions {
  /** Tasks that run at once. */
  readonly concurrency: number;
  /** Tasks that may wait besides. */
  readonly queueLimit: number;
}

/** Runs tasks a few at a time and lets a few more wait; whoever comes on top is told at once. */
export class BoundedQueue {
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #capacity: number;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #admitted = 0;

  constructor({ concurrency, queueLimit }: BoundedQueueOptions) {
    this.#limit = pLimit(concurrency);
    this.#capacity = concurrency + queueLimit;
  }

  /**
   * Throws `EBUSY` when there is no room or the queue is closed, the signal's reason when it aborts. A task that waits
   * then gives up its place; one that runs keeps it until it ends, since native work can't be called back.
   */
  async run<T>(task: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    this.#closing.signal.throwIfAborted();
    if (this.#admitted >= this.#capacity) {
      throw new MediaError("EBUSY", "Too many images are being rendered");
    }
    const stop = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    const stopped = Promise.withResolvers<never>();
    let state: "waiting" | "running" | "gone" = "waiting";
    const abort = (): void => {
      if (state === "waiting") {
        state = "gone";
        this.#admitted -= 1;
      }
      stopped.reject(stop.reason);
    };
    this.#admitted += 1;
    stop.addEventListener("abort", abort, { once: true });
    const work = this.#limit(async () => {
      if (state === "gone") {
        return stopped.promise;
      }
      state = "running";
      const running = task(stop);
      this.#running.add(running);
      try {
        return await running;
      } finally {
        this.#running.delete(running);
        this.#admitted -= 1;
      }
    });
    try {
      return await Promise.race([work, stopped.promise]);
    } finally {
      stop.removeEventListener("abort", abort);
    }
  }

  /** Refuses whatever waits or comes, and waits for what runs. */
  async close(): Promise<void> {
    this.#closing.abort(new MediaError("EBUSY", "The image engine is closed"));
    await Promise.allSettled(this.#running);
  }
}
