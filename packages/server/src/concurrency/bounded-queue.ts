import { MediaError } from "../media/media-error.ts";
import { FairLine, type Party, serverParty } from "./fair-line.ts";

export interface BoundedQueueOptions {
  /** Tasks that run at once. */
  readonly concurrency: number;
  /** Tasks that may wait besides. */
  readonly queueLimit: number;
  /** How long one may wait. */
  readonly waitMs?: number;
}

interface Waiting {
  readonly start: () => void;
  readonly refuse: (error: MediaError) => void;
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
  readonly #waiting = new FairLine<Waiting>();
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
   * Throws `EBUSY` when there is no room, the wait is too long or the queue is closed, the signal's reason when it aborts.
   * A task that waits then gives up its place; one that runs keeps it until it ends, since native work can't be called back.
   */
  async run<T>(task: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal, party = serverParty): Promise<T> {
    const closing = this.#closing.signal;
    const stop = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    stop.throwIfAborted();
    const stopped = Promise.withResolvers<never>();
    const abort = (): void => stopped.reject(stop.reason);
    stop.addEventListener("abort", abort, { once: true });
    try {
      await this.#takeSlot(party, stopped.promise);
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

  async #takeSlot(party: Party, stopped: Promise<never>): Promise<void> {
    if (this.#taken < this.#concurrency) {
      this.#taken += 1;
      return;
    }
    if (this.#waiting.size >= this.#queueLimit) {
      const displaced = this.#waiting.displaceFor(party);
      if (displaced === undefined) throw tooMany();
      displaced.refuse(tooMany());
    }
    const turn = Promise.withResolvers<void>();
    let handedOver = false;
    const start = (): void => {
      handedOver = true;
      turn.resolve();
    };
    const waiting: Waiting = { start, refuse: turn.reject };
    this.#waiting.join(party, waiting);
    const patience = this.#waitMs === undefined ? undefined : setTimeout(() => turn.reject(tooLong()), this.#waitMs);
    try {
      await Promise.race([turn.promise, stopped]);
    } catch (error) {
      this.#waiting.leave(party, waiting);
      // A slot that was handed over in the same moment goes to the next.
      if (handedOver) this.#leaveSlot();
      throw error;
    } finally {
      clearTimeout(patience);
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
    const next = this.#waiting.next();
    if (next === undefined) this.#taken -= 1;
    else next.start();
  }
}

function tooMany(): MediaError {
  return new MediaError("EBUSY", "Too many images are being rendered");
}

function tooLong(): MediaError {
  return new MediaError("EBUSY", "The image's turn hasn't come in time");
}
