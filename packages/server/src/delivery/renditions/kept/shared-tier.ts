import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { FairQueue } from "../../../concurrency/fair-queue.ts";
import type { BlobSource, ByteRange, SharedFiles } from "../../../storage/blob-store.ts";
import { StorageError } from "../../../storage/storage-error.ts";
import { footerBytes, maxWholeBytes, readEntry, readFooter } from "./entry.ts";
import type { KeptRendition } from "./kept-rendition.ts";

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
/** The longest time for which one call waits for the storage, where what it is about is expensive to make. */
const expensiveMs = 60_000;
const uploadsAtOnce = 4;

/**
 * Shares derived files between nodes through the storage. No request waits long for the storage or depends on it: a
 * storage that fails or hangs costs one wait in ten seconds. Only jobs wait longer, for files that are expensive to make.
 */
export class SharedTier {
  readonly #options: SharedTierOptions;
  readonly #now: () => number;
  readonly #closing = new AbortController();
  readonly #uploads = new FairQueue({ capacity: uploadsAtOnce });
  #pendingBytes = 0;
  #quietUntil = Number.NEGATIVE_INFINITY;

  constructor(options: SharedTierOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Finds a file. A large one is read from the storage, as its readers read.
   * @returns undefined where the file isn't there or doesn't arrive in time
   * @throws the signal's reason
   */
  async find(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    if (this.#now() < this.#quietUntil) return undefined;
    try {
      return await this.#read(key, AbortSignal.any([signal, AbortSignal.timeout(this.#options.waitMs)]));
    } catch (error) {
      signal.throwIfAborted();
      this.#fail(error);
      return undefined;
    }
  }

  /**
   * Looks for a file that is expensive to make, whatever has failed before.
   * @returns undefined where the file isn't there
   * @throws the storage's errors; the signal's reason
   */
  async seek(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    return this.#read(key, this.#patiently(signal));
  }

  /** Opens an entry with its footer, or a range of it. @throws StorageError BLOB_MISSING; the storage's errors */
  async open(key: string, range: ByteRange | undefined, signal: AbortSignal): Promise<Readable> {
    const found = await this.#options.files.open(key, range, signal);
    if (found === undefined) throw new StorageError("BLOB_MISSING", `There is no shared file ${key}`);
    return found.body;
  }

  /** Uploads a file that is expensive to make, and waits until it is there. A failed upload is tried once more. */
  async keep(key: string, entry: BlobSource): Promise<void> {
    const put = () => this.#options.files.put(key, entry, this.#closing.signal);
    try {
      await put().catch(put);
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#options.troubled(error);
    }
  }

  /** Uploads a file that is expensive to make, if it isn't there. @throws the signal's reason */
  async ensure(key: string, entry: BlobSource, signal: AbortSignal): Promise<void> {
    const found = await this.seek(key, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (found === undefined) await this.keep(key, entry);
  }

  /** Uploads a file in the background. Nobody waits for the upload. */
  share(key: string, entry: BlobSource): void {
    // A file is read as it is uploaded.
    const bytes = "chunks" in entry ? entry.size : 0;
    const tooMuch = this.#pendingBytes > 0 && this.#pendingBytes + bytes > this.#options.pendingBytes;
    if (tooMuch || this.#now() < this.#quietUntil || this.#closing.signal.aborted) return;
    this.#pendingBytes += bytes;
    void this.#uploads
      .run(() => this.#options.files.put(key, entry, this.#closing.signal))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#pendingBytes -= bytes;
      });
  }

  /** Gives up the pending uploads. If another node needs such a file, or this one does, it is made again. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the server ends"));
    await this.#uploads.close();
  }

  async #read(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    const { files } = this.#options;
    const whole = await files.open(key, undefined, signal);
    if (whole === undefined) return undefined;
    const { size: length, body } = whole;
    if (length <= maxWholeBytes + footerBytes) return readEntry(await buffer(body));
    body.destroy();
    const end = await files.open(key, { start: length - footerBytes, end: length - 1 }, signal);
    const footer = end && readFooter(await buffer(end.body), length);
    if (footer === undefined) return undefined;
    return {
      ...footer,
      open: (range, opened) => this.open(key, range ?? { start: 0, end: footer.size - 1 }, opened),
    };
  }

  #patiently(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal, AbortSignal.timeout(expensiveMs)]);
  }

  #fail(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#quietUntil = this.#now() + quietMs;
    this.#options.troubled(error);
  }
}
