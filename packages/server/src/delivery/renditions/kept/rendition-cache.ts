import { LRUCache } from "lru-cache";
import { ShareWork } from "../../../concurrency/share-work.ts";
import type { BlobSource } from "../../../storage/blob-store.ts";
import { footerBytes, writeEntry } from "./entry.ts";
import { type KeptBytes, type KeptFile, type KeptRendition, type MadeRendition, sizeOf } from "./kept-rendition.ts";
import { PendingWrites } from "./pending-writes.ts";
import type { RenditionCacheOptions } from "./rendition-cache-options.ts";
import { onDisk } from "./rendition-folder.ts";
import { type SweptFolder, sweepFolder } from "./sweep-folder.ts";

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

/** The number of large files that are copied from other nodes at a time. */
const maxCopies = 2;

interface Remembered {
  readonly kept: KeptBytes;
  touchedAt: number;
}

/**
 * The cache of renditions. It looks for a rendition in memory, then on disk, then among those that other nodes have
 * made, and makes it only if none of them has it. Concurrent requests for the same rendition share one making. A key
 * stands for its bytes and is never used for others.
 */
export class RenditionCache {
  readonly #options: RenditionCacheOptions;
  readonly #now: () => number;
  readonly #memory: LRUCache<string, Remembered>;
  readonly #underWay = new ShareWork<KeptRendition>();
  readonly #lookingUp = new ShareWork<KeptRendition | undefined>();
  readonly #writing: PendingWrites;
  /** The keys of large renditions that are being copied from other nodes. */
  readonly #copying = new Set<string>();
  readonly #background = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #unswept = 0;

  constructor(options: RenditionCacheOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#writing = new PendingWrites(options.memoryBytes);
    this.#memory = new LRUCache<string, Remembered>({
      maxSize: options.memoryBytes,
      maxEntrySize: Math.max(1, Math.floor(options.memoryBytes * maxShareOfMemory)),
      sizeCalculation: ({ kept }) => kept.data.length + entryOverheadBytes,
    });
  }

  /**
   * Returns the rendition with this key, from the cache or made now.
   * @param make its signal aborts once nobody waits any more
   * @throws what `make` throws; the disk's error where it takes no file; the signal's reason
   */
  async get(
    key: string,
    make: (signal: AbortSignal) => Promise<MadeRendition>,
    signal: AbortSignal,
  ): Promise<KeptRendition> {
    return this.recall(key) ?? this.#underWay.run(key, (alone) => this.#find(key, make, alone), signal);
  }

  /**
   * Returns the rendition if it has been made. A making that is under way isn't waited for.
   * @throws the signal's reason
   */
  async find(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    return this.recall(key) ?? this.#lookingUp.run(key, (alone) => this.#lookUp(key, alone), signal);
  }

  /**
   * Returns a rendition that is expensive to make, if any node has made it. It joins no search that is under way, since that
   * may have begun before the rendition was made, and it gives up on no node's file. One that other nodes miss is shared.
   * @throws the errors of the storage that nodes share; the signal's reason
   */
  async seek(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    const { shared } = this.#options;
    const here = this.recall(key) ?? (await this.#takeKept(key));
    signal.throwIfAborted();
    if (here === undefined) return this.#takeShared(key, await shared?.seek(key, signal));
    await shared?.ensure(key, this.#entryOf(key, here), signal);
    return here;
  }

  /**
   * Keeps a rendition that is expensive to make. The caller waits until it is on disk and shared, so no backlog of writes or
   * uploads drops it.
   */
  async put(key: string, made: MadeRendition): Promise<void> {
    const { entry, written } = await this.#takeIn(key, made, true);
    await Promise.all([this.#options.shared?.keep(key, entry), written]);
  }

  /** Gives out the path of a file that a maker may write. What it makes of it is kept without a copy. */
  async newFile(): Promise<string> {
    return this.#options.folder.newFile();
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
   * Removes the entries with matching keys from this process's memory and from disk. A rendition that is being made
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

  /** Returns the rendition if it is in memory. */
  recall(key: string): KeptBytes | undefined {
    const known = this.#memory.get(key);
    const kept = known?.kept ?? this.#writing.get(key);
    if (kept === undefined) return undefined;
    this.#options.count("memory");
    const now = this.#now();
    if (known !== undefined && now - known.touchedAt >= touchMs) {
      known.touchedAt = now;
      this.#touch(key, now);
    }
    return kept;
  }

  async #find(
    key: string,
    make: (signal: AbortSignal) => Promise<MadeRendition>,
    signal: AbortSignal,
  ): Promise<KeptRendition> {
    const found = await this.#lookUp(key, signal);
    if (found !== undefined) return found;
    const { kept, entry } = await this.#takeIn(key, await make(signal), false);
    this.#options.shared?.share(key, entry);
    return kept;
  }

  /** Looks on disk, and then among the files that other nodes have made. */
  async #lookUp(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    const kept = await this.#takeKept(key);
    if (kept !== undefined) return kept;
    signal.throwIfAborted();
    return this.#takeShared(key, await this.#options.shared?.find(key, signal));
  }

  async #takeKept(key: string): Promise<KeptRendition | undefined> {
    const kept = await this.#options.folder.find(key).catch((error: unknown) => {
      this.#options.troubled(error);
      return undefined;
    });
    if (kept === undefined) return undefined;
    this.#options.count("disk");
    if (kept.data !== undefined) this.#remember(key, kept);
    this.#touch(key, this.#now());
    return kept;
  }

  #takeShared(key: string, found: KeptRendition | undefined): KeptRendition | undefined {
    if (found === undefined) return undefined;
    this.#options.count("shared");
    if (found.data === undefined) {
      this.#copy(key, found);
      return found;
    }
    const { kept, chunks } = writeEntry(found);
    this.#remember(key, kept);
    if (this.#writing.hasRoomFor(kept)) void this.#write(key, kept, chunks);
    return kept;
  }

  /**
   * Takes in what was made. Bytes are written to disk in the background, because the answer is already there.
   * @param isExpensive whether the bytes are written however many are waiting
   */
  async #takeIn(
    key: string,
    made: MadeRendition,
    isExpensive: boolean,
  ): Promise<{ readonly kept: KeptRendition; readonly entry: BlobSource; readonly written?: Promise<void> }> {
    this.#options.count("made");
    if ("path" in made) {
      const kept = await this.#options.folder.adopt(key, made);
      this.#wrote(kept.size);
      return { kept, entry: this.#entryOf(key, kept) };
    }
    const { kept, chunks } = writeEntry(made);
    this.#remember(key, kept);
    const entry = { chunks, size: kept.data.length + footerBytes };
    const goes = this.#hasRoomOnDisk(kept) && (isExpensive || this.#writing.hasRoomFor(kept));
    return { kept, entry, ...(goes && { written: this.#write(key, kept, chunks) }) };
  }

  /** The whole entry of a rendition that is in memory or on this node's disk. */
  #entryOf(key: string, kept: KeptRendition): BlobSource {
    const size = sizeOf(kept) + footerBytes;
    return kept.data === undefined
      ? { path: this.#options.folder.pathOf(key), size }
      : { chunks: writeEntry(kept).chunks, size };
  }

  #remember(key: string, kept: KeptBytes): void {
    this.#memory.set(key, { kept, touchedAt: this.#now() });
  }

  #hasRoomOnDisk(kept: KeptRendition): boolean {
    return onDisk(sizeOf(kept)) <= this.#options.diskBytes;
  }

  #write(key: string, kept: KeptBytes, chunks: readonly Uint8Array[]): Promise<void> {
    return this.#inBackground(() =>
      this.#writing.during(key, kept, async () => {
        await this.#options.folder.write(key, chunks);
        this.#wrote(kept.data.length);
      }),
    );
  }

  /** Copies a large rendition of another node to this node's disk, while its first readers read it there. */
  #copy(key: string, found: KeptFile): void {
    const { folder, shared } = this.#options;
    if (shared === undefined || this.#copying.size >= maxCopies || this.#copying.has(key)) return;
    if (!this.#hasRoomOnDisk(found)) return;
    this.#copying.add(key);
    void this.#inBackground(async () => {
      try {
        await folder.copy(key, () => shared.open(key, undefined, this.#closing.signal));
        this.#wrote(found.size);
      } finally {
        this.#copying.delete(key);
      }
    });
  }

  #wrote(bytes: number): void {
    const { diskBytes, processes = 1 } = this.#options;
    this.#unswept += onDisk(bytes);
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
