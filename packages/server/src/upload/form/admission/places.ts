import { FairLine, type Party } from "../../../concurrency/fair-line.ts";
import { type Waiter, waitForTurn } from "../../../concurrency/wait-for-turn.ts";
import { Counts } from "./counts.ts";
import { serverBusyWhenLate } from "./server-busy.ts";

export interface PlacesOptions {
  readonly count: number;
  /** The part of the places that one account may have; 1 stands for all of them. */
  readonly accountShare: number;
  /** The part of the places that one client may have. */
  readonly clientShare: number;
  /** The time that an upload may wait for a place. */
  readonly waitMs: number;
  /** Whether a client gets its turn only when no other client that could have one is waiting. */
  readonly isLast?: (client: string) => boolean;
}

export interface Place {
  /** Gives the place back; a second call does nothing. */
  release(): void;
}

/**
 * Bounds how many uploads run at once. An upload that finds no place waits unread. If no place becomes free in time,
 * its client is told to come back (docs/architecture.md decision 11). Accounts take turns, and so do the clients of an
 * account. A party that has used up its own share is passed over, so it holds up nobody behind it.
 */
export class Places {
  readonly #options: PlacesOptions;
  readonly #byAccount = new Counts();
  readonly #byClient = new Counts();
  readonly #line = new FairLine<Waiter<Place>>();
  #taken = 0;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  get usage(): { readonly taken: number; readonly waiting: number } {
    return { taken: this.#taken, waiting: this.#line.size };
  }

  /** Whether the party's client, or its account, has as many places as it may have. */
  hasItsShare({ account, client }: Party): boolean {
    const { count, accountShare, clientShare } = this.#options;
    return this.#byClient.of(client) >= count * clientShare || this.#byAccount.of(account) >= count * accountShare;
  }

  /**
   * @returns undefined when the party can have no place now. The uploads that wait could not have the place that the
   * party gets, either.
   */
  tryTake(party: Party): Place | undefined {
    return this.#isFull || this.hasItsShare(party) ? undefined : this.#take(party);
  }

  /** @throws SluiceError SERVER_BUSY when no place became free in time; the signal's reason when it is aborted */
  async take(party: Party, signal: AbortSignal): Promise<Place> {
    const place = signal.aborted ? undefined : this.tryTake(party);
    if (place !== undefined) return place;
    const { waitMs } = this.#options;
    const turn = waitForTurn<Place>(
      (waiter) => {
        this.#line.join(party, waiter);
        return () => this.#line.leave(party, waiter);
      },
      { waitMs, signal },
    );
    return serverBusyWhenLate(turn);
  }

  get #isFull(): boolean {
    return this.#taken >= this.#options.count;
  }

  #take(party: Party): Place {
    this.#add(party, 1);
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.#add(party, -1);
        this.#admitWaiting();
      },
    };
  }

  #admitWaiting(): void {
    while (!this.#isFull) {
      const { isLast } = this.#options;
      const next = (isLast && this.#next(({ client }) => !isLast(client))) ?? this.#next();
      if (next === undefined) return;
      next.waiter.admit(this.#take(next.party));
    }
  }

  #next(may?: (party: Party) => boolean): { waiter: Waiter<Place>; party: Party } | undefined {
    let turn: Party | undefined;
    const waiter = this.#line.next((party) => {
      if (this.hasItsShare(party) || may?.(party) === false) return false;
      turn = party;
      return true;
    });
    return waiter && turn && { waiter, party: turn };
  }

  #add({ account, client }: Party, change: 1 | -1): void {
    this.#taken += change;
    this.#byAccount.add(account, change);
    this.#byClient.add(client, change);
  }
}
