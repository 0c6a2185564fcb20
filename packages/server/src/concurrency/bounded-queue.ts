import { FairLine, type Party, serverParty } from "./fair-line.ts";
import { NoTurnError } from "./no-turn-error.ts";
import { type Waiter, waitForTurn } from "./wait-for-turn.ts";

export interface BoundedQueueOptions {
  /** The number of tasks that run at once. */
  readonly concurrency: number;
  /** The number of further tasks that may wait. */
  readonly queueLimit: number;
  /** The time that a task may wait. */
  readonly waitMs?: number;
}

/**
 * Runs a few tasks at a time and lets a few more wait. Parties take turns by count; `TimedQueue` gives turns by the time
 * that tasks take. A task for which there is no room is refused at once, unless another party has many more in the queue:
 * then that party's last task is refused.
 */
export class BoundedQueue {
  readonly #concurrency: number;
  readonly #queueLimit: number;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #waitMs: number | undefined;
  readonly #waiting = new FairLine<Waiter<void>>();
  #taken = 0;

  constructor({ concurrency, queueLimit, waitMs }: BoundedQueueOptions) {
    this.#concurrency = concurrency;
    this.#queueLimit = queueLimit;
    this.#waitMs = waitMs;
  }

  /** Whether one more task would be refused. */
  get full(): boolean {
    return this.#taken >= this.#concurrency && this.#waiting.size >= this.#queueLimit;
  }

  /**
   * Runs the task. Throws NoTurnError when there is no room, the wait is too long or the queue is closed, and the
   * signal's reason when the signal aborts. A waiting task then gives up its place. A running task keeps its place
   * until it ends, since native work can't be called back.
   */
  async run<T>(task: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal, party = serverParty): Promise<T> {
    const closing = this.#closing.signal;
    const stop = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    stop.throwIfAborted();
    await this.#takeSlot(party, stop);
    const stopped = Promise.withResolvers<never>();
    const abort = (): void => stopped.reject(stop.reason);
    stop.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([this.#occupy(task, stop), stopped.promise]);
    } finally {
      stop.removeEventListener("abort", abort);
    }
  }

  /** Refuses tasks that wait or come, and waits for those that run. */
  async close(): Promise<void> {
    this.#closing.abort(new NoTurnError("closed"));
    await Promise.allSettled(this.#running);
  }

  async #takeSlot(party: Party, signal: AbortSignal): Promise<void> {
    if (this.#taken < this.#concurrency) {
      this.#taken += 1;
      return;
    }
    if (this.#waiting.size >= this.#queueLimit) {
      const displaced = this.#waiting.displaceFor(party);
      if (displaced === undefined) throw new NoTurnError("full");
      displaced.turnAway(new NoTurnError("full"));
    }
    await waitForTurn<void>(
      (waiter) => {
        this.#waiting.join(party, waiter);
        return () => this.#waiting.leave(party, waiter);
      },
      { waitMs: this.#waitMs, signal },
    );
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
    const next = this.#waiting.next();
    if (next === undefined) this.#taken -= 1;
    else next.admit();
  }
}
