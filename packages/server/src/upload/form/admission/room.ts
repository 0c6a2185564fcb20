import { Counts } from "./counts.ts";
import { type Patience, waitForTurn } from "./wait-for-turn.ts";

/** How many bytes all may hold together; it may change. */
export interface RoomBound {
  /** @param held bytes that are held now */
  bytes(held: number): number;
  /** Finds out what the bound is now. Never rejects. */
  measure(held: number): Promise<void>;
}

export interface RoomOptions {
  readonly bound: RoomBound;
  /** The part of them that one client may hold in several uploads, 1 for all of it. */
  readonly clientShare: number;
}

/** One that holds room, or claims it. */
export interface RoomHolder {
  readonly client: string;
}

export interface RoomClaim {
  readonly bytes: number;
  admit(): void;
  turnAway(reason: unknown): void;
}

/** Bytes that are taken as they come. A claim that finds no room waits for some. */
export class Room<Holder extends RoomHolder> {
  readonly #options: RoomOptions;
  readonly #held = new Map<Holder, number>();
  readonly #byClient = new Counts();
  /** In the order of arrival; a holder has one at a time. */
  readonly #claims = new Map<Holder, RoomClaim>();
  #bytes = 0;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get claims(): ReadonlyMap<Holder, RoomClaim> {
    return this.#claims;
  }

  heldBy(holder: Holder): number {
    return this.#held.get(holder) ?? 0;
  }

  /** Whether the client's other uploads leave too little of its share. An upload alone may have all the room there is. */
  exceedsShare(holder: Holder, bytes: number): boolean {
    const all = this.#byClient.of(holder.client);
    return all > this.heldBy(holder) && all + bytes > this.#most * this.#options.clientShare;
  }

  /** @returns whether there was room; those that wait for some could not have this either, or were here before */
  tryTake(holder: Holder, bytes: number): boolean {
    if (!this.#fits(holder, bytes) || this.#isAwaited()) return false;
    this.#add(holder, bytes);
    return true;
  }

  /** @throws SluiceError SERVER_BUSY when no room came up in time; the signal's reason when it is aborted */
  async claim(holder: Holder, bytes: number, patience: Patience): Promise<void> {
    await waitForTurn<void>(({ admit, turnAway }) => {
      this.#claims.set(holder, { bytes, admit, turnAway });
      return () => this.#withdraw(holder);
    }, patience);
  }

  /** Ends the holder's claim, if it has one. */
  refuse(holder: Holder, reason: unknown): void {
    const claim = this.#claims.get(holder);
    if (this.#withdraw(holder)) claim?.turnAway(reason);
  }

  /** Gives back all that it holds. */
  free(holder: Holder): void {
    this.#add(holder, -this.heldBy(holder));
    this.#held.delete(holder);
    this.#admitWaiting();
  }

  /** Looks whether the bound has grown, and lets in those that fit. */
  async measure(): Promise<void> {
    await this.#options.bound.measure(this.#bytes);
    this.#admitWaiting();
  }

  /** In the order of arrival; a client's share holds up its own claims alone. */
  #admitWaiting(): void {
    for (const [holder, { bytes, admit }] of this.#claims) {
      if (this.exceedsShare(holder, bytes)) continue;
      if (!this.#fits(holder, bytes)) return;
      this.#claims.delete(holder);
      this.#add(holder, bytes);
      admit();
    }
  }

  /** One that gives up may have stood in the way of others. @returns whether it had a claim */
  #withdraw(holder: Holder): boolean {
    if (!this.#claims.delete(holder)) return false;
    this.#admitWaiting();
    return true;
  }

  get #most(): number {
    return this.#options.bound.bytes(this.#bytes);
  }

  #fits(holder: Holder, bytes: number): boolean {
    return this.#bytes + bytes <= this.#most && !this.exceedsShare(holder, bytes);
  }

  /** Whether somebody waits for room of the whole, rather than for its client's share. */
  #isAwaited(): boolean {
    for (const [holder, { bytes }] of this.#claims) if (!this.exceedsShare(holder, bytes)) return true;
    return false;
  }

  #add(holder: Holder, bytes: number): void {
    this.#bytes += bytes;
    this.#byClient.add(holder.client, bytes);
    this.#held.set(holder, this.heldBy(holder) + bytes);
  }
}
