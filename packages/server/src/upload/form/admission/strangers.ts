import type { Party } from "../../../concurrency/fair-line.ts";
import { Counts } from "./counts.ts";
import { type Crowd, makePlaces, makeRoom } from "./give-way.ts";
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
const lookMs = 50;
/** A client whose upload had to give way has its turn after all others for this long. */
const lateMs = 10_000;

/**
 * Uploads whose file comes before anybody has vouched for them. They share places, and room that is taken as their
 * bytes come. Neither is for good: while others wait, slow uploads give way to them, and when all that hold room wait
 * for more of it, the slowest gives way. So no two half-received uploads wait for each other
 * (docs/architecture.md decision 11).
 */
export class Strangers {
  readonly #options: StrangersOptions;
  readonly #places: Places;
  readonly #room: Room<Stranger>;
  readonly #present = new Set<Stranger>();
  /** Those that wait for a place, by client. */
  readonly #waiting = new Counts();
  /** Clients whose uploads had to give way a moment ago, and until when that counts. */
  readonly #gaveWay = new Map<string, number>();
  readonly #crowd: Crowd;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: StrangersOptions) {
    const gaveWayLately = (client: string): boolean => (this.#gaveWay.get(client) ?? 0) > performance.now();
    this.#options = options;
    // They belong to no account, so that none can have its share of them.
    const accountShare = Number.POSITIVE_INFINITY;
    this.#places = new Places({ ...options, count: options.files, accountShare, isLast: gaveWayLately });
    this.#room = new Room(options);
    this.#crowd = {
      present: this.#present,
      room: this.#room,
      waiting: this.#waiting,
      hasItsShare: (client) => this.#places.hasItsShare(partyOf(client)),
      gaveWayLately,
      giveWay: (stranger) => this.#giveWay(stranger),
    };
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
    for (const [client, until] of this.#gaveWay) if (until <= performance.now()) this.#gaveWay.delete(client);
    if (this.#waiting.size > 0) makePlaces(this.#crowd);
    if (this.#room.claims.size > 0) makeRoom(this.#crowd);
    if (this.#waiting.size > 0 || this.#room.claims.size > 0) this.#watch();
  }

  #giveWay(stranger: Stranger): void {
    this.#gaveWay.set(stranger.client, performance.now() + lateMs);
    this.#room.refuse(stranger, stranger.giveWay());
  }
}

/** No account has vouched for any of them. */
function partyOf(client: string): Party {
  return { account: "", client };
}
