import { type Party, serverParty } from "./fair-line.ts";
import { FairQueue } from "./fair-queue.ts";

export interface ByteBudgetOptions {
  /** How many may hold bytes at once, however little each takes; undefined for any number. */
  readonly users?: number;
  /** The part of the bytes that several works of one account may have; 1 stands for all of them. */
  readonly accountShare?: number;
}

/**
 * Bytes that several works share. The works of a party are served in the order in which they came, so that small ones
 * don't overtake a large one for ever. A work that wants more than there is takes all of it.
 */
export class ByteBudget {
  readonly #queue: FairQueue;
  readonly #minBytes: number;
  readonly #total: number;

  constructor(total: number, { users, accountShare = 1 }: ByteBudgetOptions = {}) {
    this.#queue = new FairQueue({ capacity: total, accountShare });
    this.#minBytes = users === undefined ? 0 : Math.ceil(total / users);
    this.#total = total;
  }

  /**
   * Waits until so many bytes are free, and takes them.
   * @returns a function that gives them back, once
   * @throws the signal's reason
   */
  async take(bytes: number, signal?: AbortSignal, party: Party = serverParty): Promise<() => void> {
    const weight = Math.min(Math.max(bytes, this.#minBytes), this.#total);
    const slot = await this.#queue.take(party, signal, weight);
    return () => slot.release();
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
}
