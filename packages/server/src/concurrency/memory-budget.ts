interface Waiting {
  readonly share: number;
  readonly start: () => void;
}

/** Memory that works share, first come, first served: a small one doesn't overtake a large one for ever. */
export class MemoryBudget {
  readonly #bytes: number;
  readonly #waiting = new Set<Waiting>();
  #left: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#left = bytes;
  }

  /**
   * Waits until so much is left; who wants more than there is at all waits until nobody else has any.
   * @returns what gives it back, once
   * @throws the signal's reason
   */
  async take(bytes: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const share = Math.min(bytes, this.#bytes);
    if (this.#waiting.size === 0 && share <= this.#left) this.#left -= share;
    else await this.#turn(share, signal);
    let held = share;
    return () => {
      this.#left += held;
      held = 0;
      this.#serve();
    };
  }

  async #turn(share: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { share, start: resolve };
    const leave = (): void => {
      // Whoever has got it in the same moment gives it back as everybody does.
      if (!this.#waiting.delete(waiting)) return;
      reject(signal.reason);
      this.#serve();
    };
    this.#waiting.add(waiting);
    signal.addEventListener("abort", leave, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  #serve(): void {
    for (const waiting of this.#waiting) {
      if (waiting.share > this.#left) return;
      this.#waiting.delete(waiting);
      this.#left -= waiting.share;
      waiting.start();
    }
  }
}
