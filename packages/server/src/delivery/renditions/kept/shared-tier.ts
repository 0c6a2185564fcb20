import type { SharedFiles } from "../../../storage/blob-store.ts";
import type { KeptRendition } from "./kept-rendition.ts";
import { readEntry } from "./written-entry.ts";

export interface SharedTierOptions {
  readonly files: SharedFiles;
  /** The time that a request waits for the storage before the image is made instead. */
  readonly waitMs: number;
  /** Limit in bytes for pending uploads. Files beyond the limit are not shared. */
  readonly pendingBytes: number;
  readonly troubled: (error: unknown) => void;
  readonly now?: () => number;
}

/** After a failure the storage isn't used for this time. */
const quietMs = 10_000;
/** The longest time for which one call waits for the storage, where what it is about is dear to make. */
const dearMs = 60_000;
const uploadsAtOnce = 4;

/**
 * Shares derived files between nodes through the storage. No request waits long for the storage or depends on it: a
 * storage that fails or hangs costs one wait in ten seconds. Only jobs wait longer, for files that are dear to make.
 */
export class SharedTier {
  readonly #options: SharedTierOptions;
  readonly #now: () => number;
  readonly #closing = new AbortController();
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #running = new Set<Promise<void>>();
  #pendingBytes = 0;
  #quietUntil = Number.NEGATIVE_INFINITY;

  constructor(options: SharedTierOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** @returns undefined where the file isn't there or doesn't arrive in time. @throws the signal's reason */
  async find(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    if (this.#now() < this.#quietUntil) return undefined;
    const { files, waitMs } = this.#options;
    try {
      const bytes = await files.get(key, AbortSignal.any([signal, AbortSignal.timeout(waitMs)]));
      return bytes && readEntry(bytes);
    } catch (error) {
      signal.throwIfAborted();
      this.#fail(error);
      return undefined;
    }
  }

  /**
   * Looks for a file that is dear to make, whatever has failed before.
   * @returns undefined where the file isn't there
   * @throws the storage's errors; the signal's reason
   */
  async seek(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    const bytes = await this.#options.files.get(key, this.#patiently(signal));
    return bytes && readEntry(bytes);
  }

  /** Uploads a file that is dear to make, and waits until it is there. A failed upload is tried once more. */
  async keep(key: string, chunks: readonly Uint8Array[]): Promise<void> {
    const put = () => this.#options.files.put(key, chunks, this.#patiently());
    try {
      await put().catch(put);
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#options.troubled(error);
    }
  }

  /** Uploads a file that is dear to make, if it isn't there. @throws the signal's reason */
  async ensure(key: string, chunks: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
    const found = await this.seek(key, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (found === undefined) await this.keep(key, chunks);
  }

  /** Uploads a file in the background. Nobody waits for the upload. */
  share(key: string, chunks: readonly Uint8Array[]): void {
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const tooMuch = this.#pendingBytes > 0 && this.#pendingBytes + bytes > this.#options.pendingBytes;
    if (tooMuch || this.#now() < this.#quietUntil || this.#closing.signal.aborted) return;
    this.#pendingBytes += bytes;
    this.#waiting.push(async () => {
      try {
        await this.#options.files.put(key, chunks, this.#closing.signal);
      } finally {
        this.#pendingBytes -= bytes;
      }
    });
    this.#startNext();
  }

  /** Gives up the pending uploads. If another node needs such a file, or this one does, it is made again. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the server ends"));
    this.#waiting.length = 0;
    await Promise.all(this.#running);
  }

  #patiently(...signals: AbortSignal[]): AbortSignal {
    return AbortSignal.any([...signals, this.#closing.signal, AbortSignal.timeout(dearMs)]);
  }

  #startNext(): void {
    if (this.#running.size >= uploadsAtOnce) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const running = next()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#running.delete(running);
        this.#startNext();
      });
    this.#running.add(running);
  }

  #fail(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#quietUntil = this.#now() + quietMs;
    this.#options.troubled(error);
  }
}
