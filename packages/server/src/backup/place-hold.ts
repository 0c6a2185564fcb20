import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { newBlobKey } from "../storage/blob-key.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { StorageError } from "../storage/storage-error.ts";

/** A process that looks at the holds of another one takes it for dead when they stay the same for this time. */
const deadAfterMs = 60_000;
/** A process takes its own hold for lost this long after it last renewed it, which is well before others do. */
const lostAfterMs = 40_000;
const renewMs = 10_000;
const lookMs = 1000;

export interface PlaceHoldTimes {
  readonly deadAfterMs: number;
  readonly lostAfterMs: number;
  readonly renewMs: number;
  readonly lookMs: number;
}

/** The parts of a store that holds need. */
export type HoldStore = Pick<BlobStore, "put" | "size" | "delete" | "list">;

/**
 * While a process has the hold of a place, no other backup is written there. A restored library has the id of the library
 * that was backed up, and its own database. Both may use one place, so the hold of a database is not enough: the `--keep`
 * of one backup would delete contents that the other one counts on.
 *
 * A hold is a blob, under a key that is never used again. A renewal adds a blob and deletes the last but one. The last one
 * stays until the next renewal, since a listing may miss blobs that come or go meanwhile. No clocks are compared.
 *
 * A place may refuse to delete anything. Its holds then leave their blobs behind, and each next hold has to wait until
 * it may take them for dead.
 */
export class PlaceHold {
  readonly #store: HoldStore;
  readonly #times: PlaceHoldTimes;
  readonly #lost = new AbortController();
  readonly #whenLost: Promise<void>;
  readonly #timer: NodeJS.Timeout;
  /** The blobs that count for nothing, and that may still be there: those of dead holds, and outdated ones of this hold. */
  readonly #remains: Set<string>;
  /** The blobs of this hold, the newest last. */
  #keys: readonly string[];
  #renewedAt: number;
  #renewing: Promise<void> | undefined;

  /**
   * Takes the hold. It waits for the hold of a process that was killed, which ends within a minute.
   * @throws StorageError when a process that lives has the hold; the signal's reason
   */
  static async take(
    store: HoldStore,
    signal: AbortSignal,
    times: PlaceHoldTimes = { deadAfterMs, lostAfterMs, renewMs, lookMs },
  ): Promise<PlaceHold> {
    const first = await keysIn(store, signal);
    const lookedAt = performance.now();
    const remains = new Set<string>();
    for (let others = first; others.size > 0; others = await keysIn(store, signal)) {
      if ([...others].some((key) => !first.has(key))) throw inUse();
      if (performance.now() - lookedAt > times.deadAfterMs) {
        for (const key of others) {
          remains.add(key);
          await store.delete(key, signal).catch(() => undefined);
        }
        break;
      }
      // An abort during this pause is reported at the next look, with the signal's own reason.
      await sleep(times.lookMs, undefined, { signal }).catch(() => undefined);
    }
    const key = newBlobKey();
    const renewedAt = performance.now();
    await store.put(key, holdBlob, signal);
    const hold = new PlaceHold(store, times, { key, renewedAt, remains });
    try {
      // Of two that begin at once, the second one to get here sees the other.
      const all = await keysIn(store, signal);
      if ([...all].some((one) => !hold.#keys.includes(one) && !hold.#remains.has(one))) throw inUse();
      return hold;
    } catch (error) {
      await hold.release();
      throw error;
    }
  }

  private constructor(
    store: HoldStore,
    times: PlaceHoldTimes,
    { key, renewedAt, remains }: { readonly key: string; readonly renewedAt: number; readonly remains: Set<string> },
  ) {
    this.#store = store;
    this.#times = times;
    this.#keys = [key];
    this.#renewedAt = renewedAt;
    this.#remains = remains;
    this.#whenLost = once(this.lost, "abort").then(() => undefined);
    this.#timer = setInterval(() => {
      this.#assertInTime();
      void this.#renew();
    }, times.renewMs).unref();
  }

  /** Aborted, with a StorageError, when another backup may have begun in the place. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** @throws StorageError when the hold was lost at any time */
  async assertHeld(): Promise<void> {
    // A process that was halted for long must not renew what others may have taken for dead.
    this.#assertInTime();
    await this.#renew();
    this.#assertInTime();
    this.#lost.signal.throwIfAborted();
  }

  async release(): Promise<void> {
    await this.#renewing;
    clearInterval(this.#timer);
    // A hold that can't be released ends by itself.
    for (const key of this.#keys) await this.#store.delete(key, this.lost).catch(() => undefined);
  }

  /** Renews once at a time, until the hold is lost. It never rejects. */
  #renew(): Promise<void> {
    this.#renewing ??= Promise.race([
      // The store may answer again before the hold is lost.
      this.#renewOnce().catch(() => undefined),
      this.#whenLost,
    ]).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewOnce(): Promise<void> {
    const startedAt = performance.now();
    const last = this.#keys.at(-1);
    if (last !== undefined && (await this.#store.size(last, this.lost)) === undefined) return this.#lose();
    const key = newBlobKey();
    await this.#store.put(key, holdBlob, this.lost);
    this.#renewedAt = startedAt;
    const outdated = this.#keys.slice(0, -1);
    this.#keys = [...this.#keys.slice(-1), key];
    for (const old of outdated) {
      this.#remains.add(old);
      await this.#store.delete(old, this.lost).catch(() => undefined);
    }
  }

  #assertInTime(): void {
    if (performance.now() - this.#renewedAt > this.#times.lostAfterMs) this.#lose();
  }

  #lose(): void {
    this.#lost.abort(
      new StorageError("STORAGE_FAILED", "The place of the backups could not be held. Run the command again."),
    );
  }
}

const content = Buffer.from("A backup is being written.\n");
const holdBlob = { size: content.length, chunks: [content] };

async function keysIn(store: HoldStore, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const { key } of store.list(signal)) keys.add(key);
  return keys;
}

function inUse(): StorageError {
  return new StorageError(
    "STORAGE_FAILED",
    "Another backup is being written to this place, perhaps of a restored library. Run this one when that has ended.",
  );
}
