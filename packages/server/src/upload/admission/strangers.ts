import type { Party } from "../../media/fair-line.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { Counts } from "./counts.ts";
import { type Place, Places } from "./places.ts";
import { Room, type RoomOptions } from "./room.ts";
import { Stranger, type WatchedBody } from "./stranger.ts";

export interface StrangersOptions extends RoomOptions {
  /** Uploads at once. */
  readonly files: number;
  /** How long an upload may wait, unread, for a place or for room. */
  readonly waitMs: number;
}

/** What an upload has among strangers. */
export interface StrangerPlace extends Place {
  /**
   * Takes room for bytes that have come.
   * @returns undefined when there was room at once
   * @throws SluiceError SERVER_BUSY, UPLOAD_GAVE_WAY; StorageError STORAGE_FULL when the whole room is too small; the signal's reason
   */
  take(bytes: number): Promise<void> | undefined;
  /**
   * Somebody has vouched for the upload: it gives its room back, and has to give way to nobody any more.
   * @throws SluiceError UPLOAD_GAVE_WAY when it had to before
   */
  vouch(): void;
}

/** While somebody waits, this often it is looked who has to give way. */
const lookMs = 250;

/**
 * Uploads whose file comes before anybody has vouched for them. They share places, and room that is taken as their bytes
 * come. Neither is for good: while others wait, slow uploads give way to them, and when all that hold room wait for more
 * of it, the slowest gives way. So no two half-received uploads wait for each other (design decision 11).
 */
export class Strangers {
  readonly #options: StrangersOptions;
  readonly #places: Places;
  readonly #room: Room<Stranger>;
  readonly #present = new Set<Stranger>();
  /** Those that wait for a place, by client. */
  readonly #waiting = new Counts();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: StrangersOptions) {
    this.#options = options;
    // They belong to no account, so that none can have its share of them.
    this.#places = new Places({ ...options, count: options.files, accountShare: Number.POSITIVE_INFINITY });
    this.#room = new Room(options);
  }

  get usage(): { readonly files: number; readonly bytes: number; readonly waiting: number } {
    const { taken, waiting } = this.#places.usage;
    return { files: taken, bytes: this.#room.bytes, waiting: waiting + this.#room.claims.size };
  }

  /**
   * @param client a network, as `clientNetwork` tells it
   * @throws SluiceError SERVER_BUSY when no place came up in time; the signal's reason when it is aborted
   */
  async enter(client: string, body: WatchedBody, signal: AbortSignal): Promise<StrangerPlace> {
    const place = this.#places.tryTake(partyOf(client)) ?? (await this.#waitForPlace(client, signal));
    const stranger = new Stranger(client, body);
    this.#present.add(stranger);
    const leave = (): void => {
      if (this.#present.delete(stranger)) this.#room.free(stranger);
    };
    return {
      take: (bytes) => this.#take(stranger, bytes, signal),
      vouch() {
        stranger.assertStays();
        leave();
      },
      release() {
        leave();
        place.release();
      },
    };
  }

  async #waitForPlace(client: string, signal: AbortSignal): Promise<Place> {
    this.#waiting.add(client, 1);
    this.#watch();
    try {
      return await this.#places.take(partyOf(client), signal);
    } finally {
      this.#waiting.add(client, -1);
    }
  }

  #take(stranger: Stranger, bytes: number, signal: AbortSignal): Promise<void> | undefined {
    // Nothing bounds an upload any more that somebody has vouched for.
    if (!this.#present.has(stranger)) return undefined;
    stranger.assertStays();
    if (this.#room.tryTake(stranger, bytes)) return undefined;
    this.#watch();
    return this.#room.claim(stranger, bytes, { waitMs: this.#options.waitMs, signal });
  }

  #watch(): void {
    this.#timer ??= setTimeout(() => void this.#look(), lookMs);
  }

  async #look(): Promise<void> {
    await this.#room.measure();
    this.#timer = undefined;
    this.#makePlaces();
    this.#makeRoom();
    if (this.#waiting.size > 0 || this.#room.claims.size > 0) this.#watch();
  }

  /** For each upload that waits for a place, a slow one gives way: of its own client where that has had its share. */
  #makePlaces(): void {
    if (this.#waiting.size === 0) return;
    const slow = [...this.#present].filter((stranger) => this.#isSlow(stranger));
    slow.sort((a, b) => this.#worth(a) - this.#worth(b));
    let ofAnybody = 0;
    for (const [client, count] of this.#waiting) {
      if (this.#places.hasItsShare(partyOf(client))) this.#dismiss(count, slow, client);
      else ofAnybody += count;
    }
    this.#dismiss(ofAnybody, slow);
  }

  /** @param slow the slowest first */
  #dismiss(count: number, slow: readonly Stranger[], client?: string): void {
    const isMeant = (stranger: Stranger): boolean => client === undefined || stranger.client === client;
    let missing = count;
    for (const stranger of this.#present) if (stranger.leaves && isMeant(stranger)) missing--;
    for (const stranger of slow) {
      if (missing <= 0) return;
      if (stranger.leaves || !isMeant(stranger)) continue;
      this.#giveWay(stranger);
      missing--;
    }
  }

  #makeRoom(): void {
    const missing = new Map<string | undefined, number>();
    for (const [stranger, { bytes }] of this.#room.claims) {
      const client = this.#room.exceedsShare(stranger, bytes) ? stranger.client : undefined;
      missing.set(client, (missing.get(client) ?? 0) + bytes);
    }
    for (const [client, bytes] of missing) this.#makeRoomOf(client, bytes);
  }

  /** @param client whose share is used up; undefined for the whole room */
  #makeRoomOf(client: string | undefined, bytes: number): void {
    const holders = [...this.#present].filter(
      (stranger) => this.#held(stranger) > 0 && (client === undefined || stranger.client === client),
    );
    let missing = bytes;
    for (const stranger of holders) if (stranger.leaves) missing -= this.#held(stranger);
    // Those that hold most go first: so the fewest have to.
    const slow = holders.filter((stranger) => this.#isSlow(stranger));
    for (const stranger of slow.sort((a, b) => this.#held(b) - this.#held(a))) {
      if (missing <= 0) return;
      missing -= this.#held(stranger);
      this.#giveWay(stranger);
    }
    if (missing > 0) this.#endDeadlock(holders);
  }

  /** When all that hold room wait for more of it, nobody but the slowest of them can make any. */
  #endDeadlock(holders: readonly Stranger[]): void {
    const { claims } = this.#room;
    if (holders.some((stranger) => stranger.leaves || !claims.has(stranger))) return;
    if (holders.length > 1) {
      this.#giveWay(holders.reduce((slowest, other) => (this.#worth(other) < this.#worth(slowest) ? other : slowest)));
      return;
    }
    // Nobody else holds any.
    for (const stranger of holders.length === 1 ? holders : [...claims.keys()]) {
      this.#room.refuse(stranger, new StorageError("STORAGE_FULL", "There is no room in the spool for an upload"));
    }
  }

  #giveWay(stranger: Stranger): void {
    this.#room.refuse(stranger, stranger.giveWay());
  }

  #held(stranger: Stranger): number {
    return this.#room.heldBy(stranger);
  }

  #isSlow(stranger: Stranger): boolean {
    return stranger.isSlow(this.#held(stranger));
  }

  #worth(stranger: Stranger): number {
    return stranger.worth(this.#held(stranger));
  }
}

/** No account has vouched for any of them. */
function partyOf(client: string): Party {
  return { account: "", client };
}
