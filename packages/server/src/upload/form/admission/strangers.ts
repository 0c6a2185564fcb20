import type { Party } from "../../../concurrency/fair-line.ts";
import { Counts } from "./counts.ts";
import { type Crowd, makePlaces, makeRoom } from "./give-way.ts";
import { type Place, Places } from "./places.ts";
import { Room, type RoomOptions } from "./room.ts";
import { Stranger, type WatchedBody } from "./stranger.ts";

export interface StrangersOptions extends RoomOptions {
  /** The number of uploads at once. */
  readonly files: number;
  /** The time that an upload may wait, without being read, for a place or for room. */
  readonly waitMs: number;
}

/** The place and the room of one upload among strangers. */
export interface StrangerPlace extends Place {
  /**
   * Takes room for bytes that have arrived.
   * @returns undefined when there was room at once
   * @throws SluiceError SERVER_BUSY, UPLOAD_GAVE_WAY; StorageError STORAGE_FULL when the whole room is too small; the
   * signal's reason
   */
  take(bytes: number): Promise<void> | undefined;
  /**
   * Records that credentials have vouched for the upload. The upload gives its room back, and no longer has to give way
   * to anybody.
   * @throws SluiceError UPLOAD_GAVE_WAY when the upload had to give way before
   */
  vouch(): void;
}

/** While an upload waits, the server looks at this interval for uploads that have to give way. */
const lookMs = 50;
/** For this long, a client whose upload had to give way gets its turn after all other clients. */
const lateMs = 10_000;

/**
 * The uploads whose file arrives before any credentials have vouched for them. They share places, and they share room,
 * which is taken as their bytes arrive. Neither is for good: while other uploads wait, slow uploads give way to them.
 * When all uploads that hold room wait for more of it, the slowest gives way. So no two half-received uploads wait for
 * each other (docs/architecture.md decision 11).
 */
export class Strangers {
  readonly #options: StrangersOptions;
  readonly #places: Places;
  readonly #room: Room<Stranger>;
  readonly #present = new Set<Stranger>();
  /** The number of uploads that wait for a place, by client. */
  readonly #waiting = new Counts();
  /** The clients whose uploads had to give way a moment ago, and the time until which that counts. */
  readonly #gaveWay = new Map<string, number>();
  readonly #crowd: Crowd;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: StrangersOptions) {
    const gaveWayLately = (client: string): boolean => (this.#gaveWay.get(client) ?? 0) > performance.now();
    this.#options = options;
    // Strangers belong to no account, so no account can use up a share of their places.
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
   * @param client the client's network, as `clientNetwork` gives it
   * @throws SluiceError SERVER_BUSY when no place became free in time; the signal's reason when it is aborted
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
    // An upload that credentials have vouched for is no longer bounded here.
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

/** The party of a client's strangers. Its account is empty, because no account has vouched for any of them. */
function partyOf(client: string): Party {
  return { account: "", client };
}
