import { FairLine, serverParty } from "./fair-line.ts";
import { type Waiter, waitForTurn } from "./wait-for-turn.ts";

interface Asker {
  readonly share: number;
  readonly waiter: Waiter<void>;
}

/**
 * Bytes that several works share, first come, first served, so that small works don't overtake a large one for ever. A
 * work that wants more than the whole budget takes the whole budget.
 */
export class ByteBudget {
  readonly #total: number;
  readonly #leastShare: number;
  /** All works wait as one party. */
  readonly #line = new FairLine<Asker>();
  #free: number;

  /** @param users how many may hold bytes at once, however little each takes; undefined for any number */
  constructor(total: number, users?: number) {
    this.#total = total;
    this.#leastShare = users === undefined ? 0 : Math.ceil(total / users);
    this.#free = total;
  }

  /**
   * Waits until so many bytes are free, and takes them.
   * @returns a function that gives them back, once
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

  /** Runs the work once enough bytes are free. Rejects with the signal's reason. */
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
      // A work that gives up may have held up others in the line.
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
