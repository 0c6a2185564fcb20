import { LRUCache } from "lru-cache";
import { ShareWork } from "../../../concurrency/share-work.ts";
import type { KeptRendition, MadeRendition } from "./kept-rendition.ts";
import { onDisk, type RenditionFolder } from "./rendition-folder.ts";
import type { SharedTier } from "./shared-tier.ts";
import { type SweptFolder, sweepFolder } from "./sweep-folder.ts";
import { readEntry, writeEntry } from "./written-entry.ts";

/** The sources of derived files that the metrics count. */
export type RenditionSource = "memory" | "disk" | "shared" | "made";

export interface RenditionCacheOptions {
  readonly folder: RenditionFolder;
  /** The tier with the derived files that other nodes have made, if the storage has one. */
  readonly shared?: SharedTier | undefined;
  /** Limit in bytes for the files in memory, and again for the files that wait to be written to disk. */
  readonly memoryBytes: number;
  /** Limit in bytes on disk, for all processes that share the folder together. */
  readonly diskBytes: number;
  /** The number of processes that share the folder. */
  readonly processes?: number;
  readonly count: (source: RenditionSource) => void;
  /** Called when the disk fails. The requests are answered all the same. */
  readonly troubled: (error: unknown) => void;
  readonly now?: () => number;
}

/** The largest part of the memory for one entry. A larger one would evict too many others. */
const maxShareOfMemory = 1 / 8;
/** The approximate memory overhead of an entry, besides its bytes. */
const entryOverheadBytes = 512;
/**
 * The precision with which entries on disk record their last use. To record every use would cost more than to serve it.
 */
export const touchMs = 10 * 60_000;

/** After this part of the disk budget has been written, the cache checks whether the budget is exceeded. */
const sweepAfter = 1 / 20;

interface Remembered {
  readonly derived: KeptRendition;
  touchedAt: number;
}

/**
 * The derived image cache. It looks for a derived file in memory, then on disk, then among the files that other nodes
 * have made, and makes the file only if none of them has it. Concurrent requests for the same file share one making.
 * A key stands for its bytes and is never used for others.
 */
export class RenditionCache {
  readonly #options: RenditionCacheOptions;
  readonly #now: () => number;
  readonly #memory: LRUCache<string, Remembered>;
  readonly #underWay = new ShareWork<KeptRendition>();
  readonly #lookingUp = new ShareWork<KeptRendition | undefined>();
  /** Files that are being written to disk. Meanwhile they are served from here, so that nobody makes them again. */
  readonly #writing = new Map<string, KeptRendition>();
  readonly #background = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #writingBytes = 0;
  #unswept = 0;

  constructor(options: RenditionCacheOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#memory = new LRUCache<string, Remembered>({
      maxSize: options.memoryBytes,
      maxEntrySize: Math.max(1, Math.floor(options.memoryBytes * maxShareOfMemory)),
      sizeCalculation: ({ derived }) => derived.data.length + entryOverheadBytes,
    });
  }

  /**
   * Returns the derived file with this key, from the cache or made now.
   * @param make its signal aborts once nobody waits any more
   * @throws what `make` throws; the signal's reason
   */
  async get(
    key: string,
    make: (signal: AbortSignal) => Promise<MadeRendition>,
    signal: AbortSignal,
  ): Promise<KeptRendition> {
    return this.recall(key) ?? this.#underWay.run(key, (alone) => this.#find(key, make, alone), signal);
  }

  /**
   * Returns the derived file if it has been made. A making that is under way isn't waited for.
   * @throws the signal's reason
   */
  async find(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    return this.recall(key) ?? this.#lookingUp.run(key, (alone) => this.#lookUp(key, alone), signal);
  }

  /**
   * Returns a file that is dear to make, if any node has made it. It joins no look that is under way, since that may
   * have begun before the file was made, and it gives up on no node's file. A file that other nodes miss is shared.
   * @throws the errors of the storage that nodes share; the signal's reason
   */
  async seek(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    const { shared } = this.#options;
    const here = this.recall(key) ?? (await this.#takeKept(key));
    signal.throwIfAborted();
    if (here === undefined) return this.#takeShared(key, await shared?.seek(key, signal));
    await shared?.ensure(key, writeEntry(here).chunks, signal);
    return here;
  }

  /**
   * Keeps a file that is dear to make. The caller waits until it is on disk and shared, so no backlog of writes or
   * uploads drops it.
   */
  async put(key: string, made: MadeRendition): Promise<void> {
    const { derived, chunks } = writeEntry(made);
    this.#options.count("made");
    this.#remember(key, derived);
    await Promise.all([
      this.#options.shared?.keep(key, chunks),
      this.#hasRoomOnDisk(derived) ? this.#write(key, derived, chunks) : undefined,
    ]);
  }

  /**
   * Brings the folder back within its disk budget. Writing also starts a sweep now and then, but counts only the files
   * that its own process has written.
   * @returns undefined when another process is sweeping
   */
  async sweep(signal: AbortSignal): Promise<SweptFolder | undefined> {
    this.#unswept = 0;
    return sweepFolder(this.#options.folder, this.#options.diskBytes, signal);
  }

  /**
   * Removes the entries with matching keys from this process's memory and from disk. A file that is being made
   * meanwhile may be stored afterwards.
   * @returns how many files were removed from disk
   */
  async drop(goes: (key: string) => boolean, signal: AbortSignal): Promise<number> {
    for (const key of this.#memory.keys()) if (goes(key)) this.#memory.delete(key);
    let dropped = 0;
    for await (const key of this.#options.folder.keys(signal)) {
      if (!goes(key)) continue;
      await this.#options.folder.remove(key);
      dropped += 1;
    }
    return dropped;
  }

  /** Waits for the files that are being written to disk. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#options.shared?.close();
    await Promise.all(this.#background);
    await this.#options.folder.close();
  }

  /** Returns the derived file if it is in memory. */
  recall(key: string): KeptRendition | undefined {
    const known = this.#memory.get(key);
    const derived = known?.derived ?? this.#writing.get(key);
    if (derived === undefined) return undefined;
    this.#options.count("memory");
    const now = this.#now();
    if (known !== undefined && now - known.touchedAt >= touchMs) {
      known.touchedAt = now;
      this.#touch(key, now);
    }
    return derived;
  }

  async #find(
    key: string,
    make: (signal: AbortSignal) => Promise<MadeRendition>,
    signal: AbortSignal,
  ): Promise<KeptRendition> {
    const found = await this.#lookUp(key, signal);
    if (found !== undefined) return found;
    const { derived, chunks } = writeEntry(await make(signal));
    this.#options.count("made");
    this.#remember(key, derived);
    this.#keep(key, derived, chunks);
    this.#options.shared?.share(key, chunks);
    return derived;
  }

  /** Looks on disk, and then among the files that other nodes have made. */
  async #lookUp(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    const kept = await this.#takeKept(key);
    if (kept !== undefined) return kept;
    signal.throwIfAborted();
    return this.#takeShared(key, await this.#options.shared?.find(key, signal));
  }

  async #takeKept(key: string): Promise<KeptRendition | undefined> {
    const kept = await this.#read(key);
    if (kept === undefined) return undefined;
    this.#options.count("disk");
    this.#remember(key, kept);
    this.#touch(key, this.#now());
    return kept;
  }

  #takeShared(key: string, found: KeptRendition | undefined): KeptRendition | undefined {
    if (found === undefined) return undefined;
    const { derived, chunks } = writeEntry(found);
    this.#options.count("shared");
    this.#remember(key, derived);
    this.#keep(key, derived, chunks);
    return derived;
  }

  async #read(key: string): Promise<KeptRendition | undefined> {
    const { folder, troubled } = this.#options;
    try {
      const bytes = await folder.read(key);
      if (bytes === undefined) return undefined;
      const derived = readEntry(bytes);
      if (derived === undefined) await folder.remove(key);
      return derived;
    } catch (error) {
      troubled(error);
      return undefined;
    }
  }

  #remember(key: string, derived: KeptRendition): void {
    this.#memory.set(key, { derived, touchedAt: this.#now() });
  }

  /** Writes an entry to disk in the background. No request waits for it, because the answer is already there. */
  #keep(key: string, derived: KeptRendition, chunks: readonly Uint8Array[]): void {
    const bytes = derived.data.length;
    // A disk that is too slow must not fill the memory.
    const isBehind = this.#writingBytes > 0 && this.#writingBytes + bytes > this.#options.memoryBytes;
    if (this.#hasRoomOnDisk(derived) && !isBehind) void this.#write(key, derived, chunks);
  }

  #hasRoomOnDisk({ data }: KeptRendition): boolean {
    return onDisk(data.length) <= this.#options.diskBytes;
  }

  #write(key: string, derived: KeptRendition, chunks: readonly Uint8Array[]): Promise<void> {
    const bytes = derived.data.length;
    this.#writing.set(key, derived);
    this.#writingBytes += bytes;
    return this.#inBackground(async () => {
      try {
        await this.#options.folder.write(key, chunks);
        this.#wrote(onDisk(bytes));
      } finally {
        this.#writing.delete(key);
        this.#writingBytes -= bytes;
      }
    });
  }

  #wrote(bytes: number): void {
    const { diskBytes, processes = 1 } = this.#options;
    this.#unswept += bytes;
    if (this.#unswept <= (diskBytes * sweepAfter) / processes || this.#closing.signal.aborted) return;
    void this.#inBackground(async () => {
      await this.sweep(this.#closing.signal);
    });
  }

  #touch(key: string, now: number): void {
    void this.#inBackground(() => this.#options.folder.touch(key, now));
  }

  #inBackground(work: () => Promise<void>): Promise<void> {
    const running = work()
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#options.troubled(error);
      })
      .finally(() => this.#background.delete(running));
    this.#background.add(running);
    return running;
  }
}
