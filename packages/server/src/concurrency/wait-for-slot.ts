/** The reason why no slot is given: too many wait already, it took too long, or the queue is closed. */
export type NoSlotReason = "full" | "late" | "closed";

/** A queue gives no slot. The queue's owner tells its callers what that means. */
export class NoSlotError extends Error {
  override readonly name = "NoSlotError";
  readonly reason: NoSlotReason;

  constructor(reason: NoSlotReason) {
    super(`no slot in the queue: ${reason}`);
    this.reason = reason;
  }
}

/** The resolver of one wait in a queue. Either call ends the wait, and the queue has removed the waiter by then. */
export interface Waiter<Slot> {
  admit(slot: Slot): void;
  turnAway(reason: unknown): void;
}

export interface Patience {
  /** Undefined means no limit. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The error after `waitMs`; NoSlotError where there is none. */
  readonly late?: (() => Error) | undefined;
}

/**
 * Waits in a queue, within the limits of `Patience`.
 * @param join puts the waiter into the queue; the function that it returns takes the waiter out, and says whether it was
 *   still in the queue
 * @throws NoSlotError `late` when the slot did not come in time; the signal's reason when it is aborted; the reason for
 *   which the waiter is turned away
 */
export async function waitForSlot<Slot>(
  join: (waiter: Waiter<Slot>) => () => boolean,
  { waitMs, signal, late = () => new NoSlotError("late") }: Patience,
): Promise<Slot> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Slot>();
  const leave = join({ admit: resolve, turnAway: reject });
  // The waiter leaves the queue at once: once turned away, it must not be admitted before it hears of that.
  const giveUp = (reason: unknown): void => {
    if (leave()) reject(reason);
  };
  const timer = waitMs === undefined ? undefined : setTimeout(() => giveUp(late()), waitMs);
  const onAbort = (): void => giveUp(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** The tasks of a queue, from the moment in which they ask for a slot to their end. */
export class TaskRuns {
  readonly #closed: () => Error;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  /** @param closed makes the error of tasks that come too late */
  constructor(closed: () => Error = () => new NoSlotError("closed")) {
    this.#closed = closed;
  }

  /**
   * Runs the task. A caller that goes away hears of it at once, while the task goes on to its end: native work can't be
   * called back.
   * @param task its signal is aborted when the caller goes away, and when the queue is closed
   * @throws what the task throws; the signal's reason; the error of `closed`
   */
  async run<T>(task: (stop: AbortSignal) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const closing = this.#closing.signal;
    const stop = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    stop.throwIfAborted();
    const stopped = Promise.withResolvers<never>();
    const abort = (): void => stopped.reject(stop.reason);
    stop.addEventListener("abort", abort, { once: true });
    const running = task(stop);
    this.#running.add(running);
    const forget = (): void => void this.#running.delete(running);
    running.then(forget, forget);
    try {
      return await Promise.race([running, stopped.promise]);
    } finally {
      stop.removeEventListener("abort", abort);
    }
  }

  /** Refuses tasks that wait or come, and waits for those that run. */
  async close(): Promise<void> {
    this.#closing.abort(this.#closed());
    await Promise.allSettled(this.#running);
  }
}
