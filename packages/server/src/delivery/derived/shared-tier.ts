import type { SharedFiles } from "../../storage/blob-store.ts";
import type { Derived } from "./derived.ts";
import { readEntry } from "./written-entry.ts";

export interface SharedTierOptions {
  readonly files: SharedFiles;
  /** How long somebody waits for an answer before it is made instead. */
  readonly waitMs: number;
  /** Bytes on their way there; what comes on top is left out. */
  readonly pendingBytes: number;
  readonly troubled: (error: unknown) => void;
  readonly now?: () => number;
}

/** After a failure nobody waits for the storage again for so long. */
const quietMs = 10_000;
const uploadsAtOnce = 4;

/**
 * What nodes share of what they have made. Nothing waits long for it, and nothing depends on it: a storage that fails or
 * hangs costs one wait in ten seconds.
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

  /** Undefined where it isn't there, or can't be had in time. @throws the signal's reason */
  async find(key: string, signal: AbortSignal): Promise<Derived | undefined> {
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

  /** Nobody waits for it. */
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

  /** Gives up what is under way: another node, or this one, makes it again. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the server ends"));
    this.#waiting.length = 0;
    await Promise.all(this.#running);
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
