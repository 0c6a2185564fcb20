import type { SluiceError } from "@sluice/protocol";
import { ByteQuota, type ByteQuotaOptions } from "../../../concurrency/byte-quota.ts";
import { FairQueue, type Slot } from "../../../concurrency/fair-queue.ts";
import { type Competition, freeSlots, freeSpool, UnauthenticatedUpload, type WatchedBody } from "./give-way.ts";

export interface UnauthenticatedUploadsOptions extends ByteQuotaOptions {
  /** The number of uploads at once. */
  readonly files: number;
  /** The time that an upload may wait, without being read, for a slot or for bytes of the spool. */
  readonly waitMs: number;
  /** Makes the error of an upload that has waited for too long. */
  readonly refusal: () => SluiceError;
}

/** The slot of one upload without credentials, and its bytes of the spool. */
export interface UnauthenticatedSlot extends Slot {
  /**
   * Takes room in the spool for bytes that have arrived.
   * @returns undefined when there was room at once
   * @throws SluiceError SERVER_BUSY, UPLOAD_GAVE_WAY; StorageError STORAGE_FULL when the whole spool is too small; the
   * signal's reason
   */
  take(bytes: number): Promise<void> | undefined;
  /**
   * Records that the upload's credentials are valid. The upload gives its bytes of the spool back to others, and no
   * longer has to give way to anybody.
   * @throws SluiceError UPLOAD_GAVE_WAY when the upload had to give way before
   */
  exempt(): void;
}

/** An upload without credentials belongs to no account yet. */
const noAccount = "";
/** While an upload waits, the server looks at this interval for uploads that have to give way. */
const lookMs = 50;
/** For this long, a client whose upload had to give way is served after all other clients. */
const lateMs = 10_000;

/**
 * The uploads whose file arrives before their credentials. They share slots, and they share the spool, which is taken as
 * their bytes arrive. Neither is for good: while other uploads wait, slow uploads give way to them. When all uploads
 * that hold bytes wait for more of them, the slowest gives way. So no two half-received uploads wait for each other
 * (docs/architecture.md decision 11).
 */
export class UnauthenticatedUploads {
  readonly #options: UnauthenticatedUploadsOptions;
  readonly #slots: FairQueue;
  readonly #spool: ByteQuota<UnauthenticatedUpload>;
  readonly #present = new Set<UnauthenticatedUpload>();
  /** The clients whose uploads had to give way a moment ago, and the time until which that counts. */
  readonly #gaveWay = new Map<string, number>();
  readonly #competition: Competition;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: UnauthenticatedUploadsOptions) {
    const gaveWayLately = (client: string): boolean => (this.#gaveWay.get(client) ?? 0) > performance.now();
    this.#options = options;
    const { files: capacity, clientShare, waitMs, refusal } = options;
    this.#slots = new FairQueue({ capacity, clientShare, waitMs, refusal, isLast: gaveWayLately });
    this.#spool = new ByteQuota(options);
    this.#competition = {
      present: this.#present,
      spool: this.#spool,
      slots: this.#slots,
      gaveWayLately,
      giveWay: (upload) => this.#giveWay(upload),
    };
  }

  get usage(): { readonly files: number; readonly bytes: number; readonly waiting: number } {
    const { taken, waiting } = this.#slots.usage;
    const { bytes, waiting: claims } = this.#spool.usage;
    return { files: taken, bytes, waiting: waiting + claims };
  }

  /**
   * @param client the client's network, as `clientNetwork` gives it
   * @throws SluiceError SERVER_BUSY when no slot became free in time; the signal's reason when it is aborted
   */
  async enter(client: string, body: WatchedBody, signal: AbortSignal): Promise<UnauthenticatedSlot> {
    const party = { account: noAccount, client };
    let slot = this.#slots.tryTake(party);
    if (slot === undefined) {
      this.#watch();
      slot = await this.#slots.take(party, signal);
    }
    const { release } = slot;
    const upload = new UnauthenticatedUpload(client, body);
    this.#present.add(upload);
    const leave = (): void => {
      if (this.#present.delete(upload)) this.#spool.free(upload);
    };
    return {
      take: (bytes) => this.#take(upload, bytes, signal),
      exempt() {
        upload.assertStays();
        leave();
      },
      release() {
        leave();
        release();
      },
    };
  }

  #take(upload: UnauthenticatedUpload, bytes: number, signal: AbortSignal): Promise<void> | undefined {
    // An upload with valid credentials is no longer bounded here.
    if (!this.#present.has(upload)) return undefined;
    upload.assertStays();
    if (this.#spool.tryTake(upload, bytes)) return undefined;
    this.#watch();
    const { waitMs, refusal: late } = this.#options;
    return this.#spool.claim(upload, bytes, { waitMs, signal, late });
  }

  #watch(): void {
    this.#timer ??= setTimeout(() => void this.#look(), lookMs);
  }

  async #look(): Promise<void> {
    await this.#spool.measure();
    this.#timer = undefined;
    for (const [client, until] of this.#gaveWay) if (until <= performance.now()) this.#gaveWay.delete(client);
    if (this.#slots.usage.waiting > 0) freeSlots(this.#competition);
    if (this.#spool.usage.waiting > 0) freeSpool(this.#competition);
    if (this.usage.waiting > 0) this.#watch();
  }

  #giveWay(upload: UnauthenticatedUpload): void {
    this.#gaveWay.set(upload.client, performance.now() + lateMs);
    this.#spool.refuse(upload, upload.giveWay());
  }
}
