import { FairLine, type Party } from "../../../concurrency/fair-line.ts";
import { type Patience, type Waiter, waitForTurn } from "../../../concurrency/wait-for-turn.ts";
import { Counts } from "./counts.ts";
import { serverBusyWhenLate } from "./server-busy.ts";

/** Bounds how many bytes all holders may have together. The bound may change. */
export interface RoomBound {
  /** @param held the bytes that are held now */
  bytes(held: number): number;
  /** Measures the bound anew. Never rejects. */
  measure(held: number): Promise<void>;
}

export interface RoomOptions {
  readonly bound: RoomBound;
  /** The part of the room that one client may hold with several uploads; 1 stands for all of it. */
  readonly clientShare: number;
}

/** An upload that holds room or claims it. */
export interface RoomHolder {
  readonly client: string;
}

export interface RoomClaim<Holder> {
  readonly holder: Holder;
  readonly bytes: number;
  readonly waiter: Waiter<void>;
}

/** Room for bytes, which is taken as the bytes arrive. A claim that finds no room waits for some. */
export class Room<Holder extends RoomHolder> {
  readonly #options: RoomOptions;
  readonly #held = new Map<Holder, number>();
  readonly #byClient = new Counts();
  /**
   * Each holder is a party of its own and has one claim at a time. So the claims get their turns in the order of their
   * arrival.
   */
  readonly #claims = new FairLine<RoomClaim<Holder>, Holder>();
  #bytes = 0;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The claims that wait, in the order of their arrival. */
  get claims(): Iterable<RoomClaim<Holder>> & { readonly size: number } {
    return this.#claims;
  }

  claimOf(holder: Holder): RoomClaim<Holder> | undefined {
    const [claim] = this.#claims.of(partyOf(holder));
    return claim;
  }

  heldBy(holder: Holder): number {
    return this.#held.get(holder) ?? 0;
  }

  /**
   * Whether the client's other uploads leave too little of its share. A client with only one upload may have all the
   * room that there is.
   */
  exceedsShare(holder: Holder, bytes: number): boolean {
    const all = this.#byClient.of(holder.client);
    return all > this.heldBy(holder) && all + bytes > this.#maxBytes * this.#options.clientShare;
  }

  /**
   * @returns whether there was room. Room that a waiting claim could have is not given, because that claim was here
   * before.
   */
  tryTake(holder: Holder, bytes: number): boolean {
    if (!this.#fits(holder, bytes) || this.#isAwaited()) return false;
    this.#add(holder, bytes);
    return true;
  }

  /** @throws SluiceError SERVER_BUSY when no room became free in time; the signal's reason when it is aborted */
  async claim(holder: Holder, bytes: number, patience: Patience): Promise<void> {
    const turn = waitForTurn<void>((waiter) => {
      const claim = { holder, bytes, waiter };
      this.#claims.join(partyOf(holder), claim);
      return () => this.#withdraw(claim);
    }, patience);
    await serverBusyWhenLate(turn);
  }

  /** Ends the holder's claim, if it has one. */
  refuse(holder: Holder, reason: unknown): void {
    const claim = this.claimOf(holder);
    if (claim !== undefined && this.#withdraw(claim)) claim.waiter.turnAway(reason);
  }

  /** Gives back all the room that the holder has. */
  free(holder: Holder): void {
    this.#add(holder, -this.heldBy(holder));
    this.#held.delete(holder);
    this.#admitWaiting();
  }

  /** Measures the bound, and grants the claims that now fit. */
  async measure(): Promise<void> {
    await this.#options.bound.measure(this.#bytes);
    this.#admitWaiting();
  }

  /** Grants claims in the order of their arrival. A client that has used up its share holds up only its own claims. */
  #admitWaiting(): void {
    for (;;) {
      let roomEnds = false;
      const next = this.#claims.next((_, { holder, bytes }) => {
        if (roomEnds || this.exceedsShare(holder, bytes)) return false;
        roomEnds = !this.#fits(holder, bytes);
        return !roomEnds;
      });
      if (next === undefined) return;
      this.#add(next.holder, next.bytes);
      next.waiter.admit();
    }
  }

  /**
   * Withdraws a claim, and grants the claims that it stood in the way of.
   * @returns whether the claim was still waiting
   */
  #withdraw(claim: RoomClaim<Holder>): boolean {
    if (!this.#claims.leave(partyOf(claim.holder), claim)) return false;
    this.#admitWaiting();
    return true;
  }

  get #maxBytes(): number {
    return this.#options.bound.bytes(this.#bytes);
  }

  #fits(holder: Holder, bytes: number): boolean {
    return this.#bytes + bytes <= this.#maxBytes && !this.exceedsShare(holder, bytes);
  }

  /** Whether a claim waits for room in the whole, rather than in its client's share. */
  #isAwaited(): boolean {
    for (const { holder, bytes } of this.#claims) if (!this.exceedsShare(holder, bytes)) return true;
    return false;
  }

  #add(holder: Holder, bytes: number): void {
    this.#bytes += bytes;
    this.#byClient.add(holder.client, bytes);
    this.#held.set(holder, this.heldBy(holder) + bytes);
  }
}

function partyOf<Holder>(holder: Holder): Party<Holder> {
  return { account: "", client: holder };
}
