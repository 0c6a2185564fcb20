import { FairLine, type Party, serverParty } from "./fair-line.ts";
import { NoTurnError } from "./no-turn-error.ts";
import { type Waiter, waitForTurn } from "./wait-for-turn.ts";

export interface BoundedQueueOptions {
  /** Tasks that run at once. */
  readonly concurrency: number;
  /** Tasks that may wait besides. */
  readonly queueLimit: number;
  /** How long one may wait. */
  readonly waitMs?: number;
}

/**
 * Runs tasks a few at a time and lets a few more wait, each party's in turn. Whoever comes on top is told at once, unless
 * somebody else has much more in the queue: then the last of those is.
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

  /** Whether one more would be refused. */
  get full(): boolean {
    return this.#taken >= this.#concurrency && this.#waiting.size >= this.#queueLimit;
  }

  /**
   * Throws NoTurnError when there is no room, the wait is too long or the queue is closed, the signal's reason when it
   * aborts. A task that waits then gives up its place; one that runs keeps it until it ends, since native work can't be
   * called back.
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

  /** Refuses whatever waits or comes, and waits for what runs. */
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
