import { Counts } from "./fair-queue.ts";
import { type Patience, type Waiter, waitForSlot } from "./wait-for-slot.ts";

/** Bounds how many bytes all holders may have together. The bound may change. */
export interface ByteBound {
  /** @param held the bytes that are held now */
  bytes(held: number): number;
  /** Measures the bound anew. Never rejects. */
  measure(held: number): Promise<void>;
}

export interface ByteQuotaOptions {
  readonly bound: ByteBound;
  /** The part of the bytes that one client may hold with several uploads; 1 stands for all of them. */
  readonly clientShare: number;
}

/** One that holds bytes, or claims them. */
export interface ByteHolder {
  readonly client: string;
}

/** A holder has one claim at a time. */
export interface ByteClaim<Holder> {
  readonly holder: Holder;
  readonly bytes: number;
  readonly waiter: Waiter<void>;
}

/** Bytes that holders take as the bytes arrive, and give back together. A claim for which there is no room waits. */
export class ByteQuota<Holder extends ByteHolder> {
  readonly #options: ByteQuotaOptions;
  readonly #held = new Map<Holder, number>();
  readonly #byClient = new Counts();
  /** The claims that wait, in the order of their arrival. */
  readonly #claims = new Map<Holder, ByteClaim<Holder>>();
  #bytes = 0;

  constructor(options: ByteQuotaOptions) {
    this.#options = options;
  }

  get usage(): { readonly bytes: number; readonly waiting: number } {
    return { bytes: this.#bytes, waiting: this.#claims.size };
  }

  /** The claims that wait, in the order of their arrival. */
  get claims(): Iterable<ByteClaim<Holder>> {
    return this.#claims.values();
  }

  claimOf(holder: Holder): ByteClaim<Holder> | undefined {
    return this.#claims.get(holder);
  }

  heldBy(holder: Holder): number {
    return this.#held.get(holder) ?? 0;
  }

  /**
   * Whether the client's other uploads leave too little of its share. A client with only one upload may have all bytes
   * that there are.
   */
  exceedsShare(holder: Holder, bytes: number): boolean {
    const all = this.#byClient.of(holder.client);
    return all > this.heldBy(holder) && all + bytes > this.#maxBytes * this.#options.clientShare;
  }

  /** @returns whether there was room. Room that a waiting claim could have is not given, because that claim was here before. */
  tryTake(holder: Holder, bytes: number): boolean {
    if (!this.#fits(holder, bytes) || this.#isAwaited()) return false;
    this.#add(holder, bytes);
    return true;
  }

  /** @throws NoSlotError or the error of `late` when no room became free in time; the signal's reason */
  claim(holder: Holder, bytes: number, patience: Patience): Promise<void> {
    return waitForSlot<void>((waiter) => {
      this.#claims.set(holder, { holder, bytes, waiter });
      return () => this.#withdraw(holder);
    }, patience);
  }

  /** Ends the holder's claim, if it has one. */
  refuse(holder: Holder, reason: unknown): void {
    const claim = this.#claims.get(holder);
    if (this.#withdraw(holder)) claim?.waiter.turnAway(reason);
  }

  /** Gives back all bytes that the holder has. */
  free(holder: Holder): void {
    this.#add(holder, -this.heldBy(holder));
    this.#held.delete(holder);
    this.#admit();
  }

  /** Measures the bound, and grants the claims that now fit. */
  async measure(): Promise<void> {
    await this.#options.bound.measure(this.#bytes);
    this.#admit();
  }

  /** Grants claims in the order of their arrival. A client that has used up its share holds up only its own claims. */
  #admit(): void {
    for (const { holder, bytes, waiter } of this.#claims.values()) {
      if (this.exceedsShare(holder, bytes)) continue;
      if (!this.#fits(holder, bytes)) return;
      this.#claims.delete(holder);
      this.#add(holder, bytes);
      waiter.admit();
    }
  }

  /**
   * Withdraws a claim, and grants the claims that it stood in the way of.
   * @returns whether the claim was still waiting
   */
  #withdraw(holder: Holder): boolean {
    if (!this.#claims.delete(holder)) return false;
    this.#admit();
    return true;
  }

  get #maxBytes(): number {
    return this.#options.bound.bytes(this.#bytes);
  }

  #fits(holder: Holder, bytes: number): boolean {
    return this.#bytes + bytes <= this.#maxBytes && !this.exceedsShare(holder, bytes);
  }

  /** Whether a claim waits for the whole, rather than for its client's share. */
  #isAwaited(): boolean {
    for (const { holder, bytes } of this.#claims.values()) if (!this.exceedsShare(holder, bytes)) return true;
    return false;
  }

  #add(holder: Holder, bytes: number): void {
    this.#bytes += bytes;
    this.#byClient.add(holder.client, bytes);
    this.#held.set(holder, this.heldBy(holder) + bytes);
  }
}
