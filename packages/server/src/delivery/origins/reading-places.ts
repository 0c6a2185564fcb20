import { BoundedQueue } from "../../concurrency/bounded-queue.ts";
import { ByteBudget } from "../../concurrency/byte-budget.ts";
import type { Party } from "../../concurrency/fair-line.ts";
import type { Limits } from "../../config/limits.ts";

/** The memory that a reading asks for as bytes arrive. */
export type ReadingMemory = Pick<ByteBudget, "take">;

interface AccountPlaces {
  readonly queue: BoundedQueue;
  readonly memory: ByteBudget;
  users: number;
}

const queueLimit = 256;

/** The places and the memory for readings of origins. An account has half of them at most. */
export class ReadingPlaces {
  readonly #limits: Pick<Limits, "originReads" | "originsMemoryBytes">;
  readonly #waitMs: number;
  readonly #all: BoundedQueue;
  readonly #memory: ByteBudget;
  /** Of each account that waits or is being read for. */
  readonly #accounts = new Map<string, AccountPlaces>();

  constructor(limits: Pick<Limits, "originReads" | "originsMemoryBytes">, waitMs: number) {
    this.#limits = limits;
    this.#waitMs = waitMs;
    this.#all = new BoundedQueue({ concurrency: limits.originReads, queueLimit, waitMs });
    this.#memory = new ByteBudget(limits.originsMemoryBytes);
  }

  /**
   * Runs the work in a place of the account's own, and in one of all.
   * @throws NoTurnError; what the work throws; the signal's reason
   */
  async run<Result>(
    { account, client }: Party,
    signal: AbortSignal,
    work: (signal: AbortSignal, memory: ReadingMemory) => Promise<Result>,
  ): Promise<Result> {
    const party = { account, client };
    const places = this.#accounts.get(account) ?? this.#newPlaces();
    this.#accounts.set(account, places);
    places.users += 1;
    const memory = { take: (bytes: number, left?: AbortSignal) => this.#take(places, bytes, left) };
    try {
      return await places.queue.run(
        (own) => this.#all.run((running) => work(running, memory), own, party),
        signal,
        party,
      );
    } finally {
      places.users -= 1;
      if (places.users === 0) this.#accounts.delete(account);
    }
  }

  async close(): Promise<void> {
    await this.#all.close();
  }

  #newPlaces(): AccountPlaces {
    const { originReads, originsMemoryBytes } = this.#limits;
    return {
      queue: new BoundedQueue({ concurrency: Math.ceil(originReads / 2), queueLimit, waitMs: this.#waitMs }),
      memory: new ByteBudget(Math.ceil(originsMemoryBytes / 2)),
      users: 0,
    };
  }

  /** Bodies of unknown length take much memory until they end. Those of one account don't hold up the others'. */
  async #take({ memory }: AccountPlaces, bytes: number, signal?: AbortSignal): Promise<() => void> {
    const free = await memory.take(bytes, signal);
    try {
      const freeAll = await this.#memory.take(bytes, signal);
      return () => {
        freeAll();
        free();
      };
    } catch (error) {
      free();
      throw error;
    }
  }
}
