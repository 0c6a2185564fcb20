import { ByteBudget } from "../../../concurrency/byte-budget.ts";

/** A party that holds bytes which are to become a part, and that can store them early. */
export interface Holder {
  /** The number of bytes held, without those that are on their way to the bucket. */
  readonly filled: number;
  /** Makes the holder send what it holds. */
  makeRoom(): void;
}

/** Memory that a holder has taken. */
export interface Taken {
  /** Tells that its bytes are on their way, so that the memory will be free without anybody's doing. */
  leave(): void;
  release(): void;
}

/**
 * The memory for bytes that arrive and wait until they fill a part, shared by all blobs. When it is full, the blob with
 * the most bytes stores them early. So a client that is slow can't keep others from the memory, and nobody waits for
 * memory that only its own waiting would free.
 */
export class ArrivingMemory {
  readonly #total: number;
  readonly #budget: ByteBudget;
  readonly #holders = new Set<Holder>();
  /** Bytes that are held or waited for. */
  #claimed = 0;
  /** Bytes that are held and on their way. */
  #leaving = 0;

  constructor(total: number) {
    this.#total = total;
    this.#budget = new ByteBudget(total);
  }

  join(holder: Holder): Disposable {
    this.#holders.add(holder);
    return { [Symbol.dispose]: () => this.#holders.delete(holder) };
  }

  /** Waits until so many bytes are free. Rejects with the signal's reason. */
  async take(bytes: number, signal: AbortSignal): Promise<Taken> {
    this.#claimed += bytes;
    this.#makeRoom();
    let giveBack: () => void;
    try {
      giveBack = await this.#budget.take(bytes, signal);
    } catch (error) {
      this.#claimed -= bytes;
      throw error;
    }
    let leaving = 0;
    return {
      leave: () => {
        leaving = bytes;
        this.#leaving += bytes;
      },
      release: () => {
        this.#claimed -= bytes;
        this.#leaving -= leaving;
        giveBack();
      },
    };
  }

  /** Asks the holders with the most bytes, until enough is on its way or nobody holds any more. */
  #makeRoom(): void {
    while (this.#claimed - this.#leaving > this.#total) {
      let largest: Holder | undefined;
      for (const holder of this.#holders) if (holder.filled > (largest?.filled ?? 0)) largest = holder;
      if (largest === undefined) return;
      largest.makeRoom();
    }
  }
}
