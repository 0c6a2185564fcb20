import { LRUCache } from "lru-cache";
import { ShareWork } from "../../concurrency/share-work.ts";
import type { Derived, Made } from "./derived.ts";
import { type DerivedFolder, onDisk } from "./derived-folder.ts";
import type { SharedTier } from "./shared-tier.ts";
import { type SweptFolder, sweepFolder } from "./sweep-folder.ts";
import { readEntry, writeEntry } from "./written-entry.ts";

/** Where a derived file came from, as the metrics count it. */
export type DerivedSource = "memory" | "disk" | "shared" | "made";

export interface DerivedCacheOptions {
  readonly folder: DerivedFolder;
  /** What other nodes have made, where there is a place for it. */
  readonly shared?: SharedTier | undefined;
  /** Bytes of files in memory, and of those on their way to the disk. */
  readonly memoryBytes: number;
  /** Bytes on disk, of all processes that share the folder. */
  readonly diskBytes: number;
  /** How many share it. */
  readonly processes?: number;
  readonly count: (source: DerivedSource) => void;
  /** The disk doesn't do what it should; whoever asks for something gets it all the same. */
  readonly troubled: (error: unknown) => void;
  readonly now?: () => number;
}

/** Beyond it an entry would drive too many others from the memory. */
const mostOfMemory = 1 / 8;
/** What an entry takes in memory beside its bytes, about. */
const entryBytes = 512;
/** How exactly the disk's entries tell when they were used last: marking each use would cost more than serving it. */
export const touchMs = 10 * 60_000;

/** Part of the disk's budget after whose writing it is time to look whether it is kept. */
const sweepAfter = 1 / 20;

interface Remembered {
  readonly derived: Derived;
  touchedAt: number;
}

/**
 * Derived files in memory, in front of those on disk, in front of what other nodes have made, in front of
 * making them. What is asked for by several at once is
 * made once. A key stands for the bytes: it is never used for others.
 */
export class DerivedCache {
  readonly #options: DerivedCacheOptions;
  readonly #now: () => number;
  readonly #memory: LRUCache<string, Remembered>;
  readonly #underWay = new ShareWork<Derived>();
  /** On their way to the disk: nobody need make them again meanwhile. */
  readonly #writing = new Map<string, Derived>();
  readonly #background = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #writingBytes = 0;
  #unswept = 0;

  constructor(options: DerivedCacheOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#memory = new LRUCache<string, Remembered>({
      maxSize: options.memoryBytes,
      maxEntrySize: Math.max(1, Math.floor(options.memoryBytes * mostOfMemory)),
      sizeCalculation: ({ derived }) => derived.data.length + entryBytes,
    });
  }

  /**
   * The file of that key, from the cache or made now.
   * @param make its signal aborts once nobody waits any more
   * @throws what `make` throws; the signal's reason
   */
  async get(key: string, make: (signal: AbortSignal) => Promise<Made>, signal: AbortSignal): Promise<Derived> {
    return this.recall(key) ?? this.#underWay.run(key, (alone) => this.#find(key, make, alone), signal);
  }

  /**
   * Brings the folder back into its budget; undefined when another process is at it. Writing does it by itself now and
   * then, but knows of its own process's files alone.
   */
  async sweep(signal: AbortSignal): Promise<SweptFolder | undefined> {
    this.#unswept = 0;
    return sweepFolder(this.#options.folder, this.#options.diskBytes, signal);
  }

  /**
   * Forgets what has such a key, in this process's memory and on disk. What is being made meanwhile may come after it.
   * @returns how many files went
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

  /** Waits for what is on its way to the disk. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#options.shared?.close();
    await Promise.all(this.#background);
    await this.#options.folder.close();
  }

  /** What is in memory. */
  recall(key: string): Derived | undefined {
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

  async #find(key: string, make: (signal: AbortSignal) => Promise<Made>, signal: AbortSignal): Promise<Derived> {
    const { count, shared } = this.#options;
    const kept = await this.#read(key);
    if (kept !== undefined) {
      count("disk");
      this.#remember(key, kept);
      this.#touch(key, this.#now());
      return kept;
    }
    signal.throwIfAborted();
    const found = await shared?.find(key, signal);
    const { derived, chunks } = writeEntry(found ?? (await make(signal)));
    count(found === undefined ? "made" : "shared");
    this.#remember(key, derived);
    this.#keep(key, derived, chunks);
    if (found === undefined) shared?.share(key, chunks);
    return derived;
  }

  async #read(key: string): Promise<Derived | undefined> {
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

  #remember(key: string, derived: Derived): void {
    this.#memory.set(key, { derived, touchedAt: this.#now() });
  }

  /** Nobody waits for it: the answer is there. */
  #keep(key: string, derived: Derived, chunks: readonly Uint8Array[]): void {
    const { folder, diskBytes, memoryBytes } = this.#options;
    const bytes = derived.data.length;
    // A disk that doesn't keep up must not fill the memory.
    if (onDisk(bytes) > diskBytes || (this.#writingBytes > 0 && this.#writingBytes + bytes > memoryBytes)) return;
    this.#writing.set(key, derived);
    this.#writingBytes += bytes;
    this.#inBackground(async () => {
      try {
        await folder.write(key, chunks);
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
    this.#inBackground(async () => {
      await this.sweep(this.#closing.signal);
    });
  }

  #touch(key: string, now: number): void {
    this.#inBackground(() => this.#options.folder.touch(key, now));
  }

  #inBackground(work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#options.troubled(error);
      })
      .finally(() => this.#background.delete(running));
    this.#background.add(running);
  }
}
