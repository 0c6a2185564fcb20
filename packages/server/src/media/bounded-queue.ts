import { MediaError } from "./media-error.ts";

export interface BoundedQueueOptions {
  /** Tasks that run at once. */
  readonly concurrency: number;
  /** Tasks that may wait besides. */
  readonly queueLimit: number;
}

/** Runs tasks a few at a time and lets a few more wait; whoever comes on top is told at once. */
export class BoundedQueue {
  readonly #concurrency: number;
  readonly #queueLimit: number;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  /** In the order in which they came. Whoever leaves is gone from it at once, or the impatient would fill the memory. */
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor({ concurrency, queueLimit }: BoundedQueueOptions) {
    this.#concurrency = concurrency;
    this.#queueLimit = queueLimit;
  }

  /** Whether one more would be refused. */
  get full(): boolean {
    return this.#taken >= this.#concurrency && this.#waiting.size >= this.#queueLimit;
  }

  /**
   * Throws `EBUSY` when there is no room or the queue is closed, the signal's reason when it aborts. A task that waits
   * then gives up its place; one that runs keeps it until it ends, since native work can't be called back.
   */
  async run<T>(task: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const closing = this.#closing.signal;
    const stop = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    stop.throwIfAborted();
    const stopped = Promise.withResolvers<never>();
    const abort = (): void => stopped.reject(stop.reason);
    stop.addEventListener("abort", abort, { once: true });
    try {
      await this.#takeSlot(stopped.promise);
      return await Promise.race([this.#occupy(task, stop), stopped.promise]);
    } finally {
      stop.removeEventListener("abort", abort);
    }
  }

  /** Refuses whatever waits or comes, and waits for what runs. */
  async close(): Promise<void> {
    this.#closing.abort(new MediaError("EBUSY", "The image engine is closed"));
    await Promise.allSettled(this.#running);
  }

  async #takeSlot(stopped: Promise<never>): Promise<void> {
    if (this.#taken < this.#concurrency) {
      this.#taken += 1;
      return;
    }
    if (this.#waiting.size >= this.#queueLimit) throw new MediaError("EBUSY", "Too many images are being rendered");
    const turn = Promise.withResolvers<void>();
    this.#waiting.add(turn.resolve);
    try {
      await Promise.race([turn.promise, stopped]);
    } catch (error) {
      // A slot that was handed over in the same moment goes to the next.
      if (!this.#waiting.delete(turn.resolve)) this.#leaveSlot();
      throw error;
    }
  }

  async #occupy<T>(task: (signal: AbortSignal) => Promise<T>, stop: AbortSignal): Promise<T> {
    const running = stop.aborted ? Promise.reject(stop.reason) : task(stop);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
      this.#leaveSlot();
    }
  }

  #leaveSlot(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken -= 1;
    } else {
      this.#waiting.delete(next);
      next();
    }
  }
}
