import { FairLine, serverParty } from "./fair-line.ts";
import { type Waiter, waitForTurn } from "./wait-for-turn.ts";

interface Asker {
  readonly share: number;
  readonly waiter: Waiter<void>;
}

/**
 * Bytes that works share, first come, first served: a small one doesn't overtake a large one for ever. A work that wants
 * more than there is takes all there is.
 */
export class ByteBudget {
  readonly #total: number;
  readonly #leastShare: number;
  /** Nobody is told apart. */
  readonly #line = new FairLine<Asker>();
  #free: number;

  /** @param users at once, at most, however little they take; undefined for any number */
  constructor(total: number, users?: number) {
    this.#total = total;
    this.#leastShare = users === undefined ? 0 : Math.ceil(total / users);
    this.#free = total;
  }

  /**
   * Waits until so much is free.
   * @returns what gives it back, once
   * @throws the signal's reason
   */
  async take(bytes: number, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    const share = Math.min(Math.max(bytes, this.#leastShare), this.#total);
    if (this.#line.size === 0 && share <= this.#free) this.#free -= share;
    else await waitForTurn<void>((waiter) => this.#join({ share, waiter }), { signal });
    let held = share;
    return () => {
      this.#free += held;
      held = 0;
      this.#admit();
    };
  }

  /** Runs the work once there is room. Rejects with the signal's reason. */
  async use<Result>(bytes: number, signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    const release = await this.take(bytes, signal);
    try {
      return await work();
    } finally {
      release();
    }
  }

  #join(asker: Asker): () => boolean {
    this.#line.join(serverParty, asker);
    return () => {
      const left = this.#line.leave(serverParty, asker);
      // One that gives up may have stood in the way of others.
      if (left) this.#admit();
      return left;
    };
  }

  #admit(): void {
    for (;;) {
      const next = this.#line.next((_, { share }) => share <= this.#free);
      if (next === undefined) return;
      this.#free -= next.share;
      next.waiter.admit();
    }
  }
}
