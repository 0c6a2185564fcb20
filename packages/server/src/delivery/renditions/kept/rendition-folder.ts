import { lstat, mkdir, open, readdir, rename, unlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import {
  claimOwnerMark,
  endOwnerMark,
  type FileLock,
  makeOwnerMark,
  markedOwner,
  type OwnerMark,
  tryLock,
} from "../../../storage/owner-mark.ts";
import { errnoOf } from "../../../storage/storage-error.ts";
import { writeAll } from "../../../storage/write-all.ts";
import { readEntryFile, sealFile } from "./entry.ts";
import type { KeptFile, KeptRendition, MadeFile } from "./kept-rendition.ts";

export interface FolderEntry {
  readonly key: string;
  /** The disk space that the entry takes. */
  readonly bytes: number;
  /** The time at which the entry was last written or marked as used, in Unix milliseconds. */
  readonly usedAt: number;
}

const blockBytes = 4096;
const keyShape = /^[0-9a-f]{32}$/;
const unfinishedShape = /^([0-9a-f]{16})-\d+\.part$/;

/**
 * Stores derived files at `<root>/<first two characters of the key>/<key>`. Several processes share the folder. Each
 * entry appears whole, by a rename, and never changes. Any process may remove an entry at any time, which doesn't harm
 * a process that is reading it.
 */
export class RenditionFolder {
  readonly #root: string;
  readonly #made = new Set<string>();
  #mark: OwnerMark | undefined;
  #count = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Finds an entry. One that is no whole entry is removed.
   * @returns undefined where there is no such entry
   */
  async find(key: string): Promise<KeptRendition | undefined> {
    const found = await readEntryFile(this.pathOf(key));
    if (found !== "damaged") return found;
    await this.remove(key);
    return undefined;
  }

  /** Writes an entry of few bytes. It isn't synced: its digest shows whether it is whole. */
  async write(key: string, chunks: readonly Uint8Array[]): Promise<void> {
    await this.#place(key, async (path) => {
      const file = await open(path, "wx", 0o600);
      try {
        await writeAll(file, chunks);
      } finally {
        await file.close();
      }
    });
  }

  /** Copies an entry that another node has made, and syncs it. */
  async copy(key: string, openEntry: () => Promise<Readable>): Promise<void> {
    await this.#place(key, async (path) => {
      const file = await open(path, "wx", 0o600);
      try {
        const entry: AsyncIterable<Uint8Array> = await openEntry();
        for await (const chunk of entry) await writeAll(file, [chunk]);
        await file.sync();
      } finally {
        await file.close();
      }
    });
  }

  /**
   * Gives out the path of a file that doesn't exist yet, on the folder's own disk. Whoever gets it writes the file, and
   * has it adopted or removes it. If the process dies before, another one removes the file.
   */
  async newFile(): Promise<string> {
    await this.#makeFolder("unfinished");
    this.#mark ??= makeOwnerMark(this.#partFolder());
    this.#count += 1;
    return join(this.#partFolder(), `${this.#mark.owner}-${this.#count}.part`);
  }

  /** Makes an entry of a finished file, which belongs to the folder from now on. */
  async adopt(key: string, made: MadeFile): Promise<KeptFile> {
    if (dirname(made.path) !== this.#partFolder()) throw new TypeError("Not a file of this folder");
    const target = this.pathOf(key);
    try {
      const kept = await sealFile(made.path, made, target);
      await this.#makeFolder(key.slice(0, 2));
      await rename(made.path, target);
      return kept;
    } catch (error) {
      await this.#giveUp(made.path, error);
      throw error;
    }
  }

  /** ScrollKeys an entry as used now. */
  async touch(key: string, now: number): Promise<void> {
    const time = now / 1000;
    await utimes(this.pathOf(key), time, time).catch(ignoreMissing);
  }

  async remove(key: string): Promise<void> {
    await unlink(this.pathOf(key)).catch(ignoreMissing);
  }

  /** Lists all entries in no particular order. */
  async *list(signal: AbortSignal): AsyncIterable<FolderEntry> {
    for await (const key of this.keys(signal)) {
      const found = await lstat(this.pathOf(key)).catch(ignoreMissing);
      if (found?.isFile()) yield { key, bytes: onDisk(found.size), usedAt: found.mtimeMs };
    }
  }

  /** Lists the keys of all entries without looking at the files. */
  async *keys(signal: AbortSignal): AsyncIterable<string> {
    for (const folder of await namesIn(this.#root)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for (const name of await namesIn(join(this.#root, folder))) {
        signal.throwIfAborted();
        if (keyShape.test(name) && name.startsWith(folder)) yield name;
      }
    }
  }

  /**
   * Takes the lock for work that only one process may do at a time.
   * @returns undefined when another process holds the lock, or when nothing was ever written
   */
  async tryLock(): Promise<FileLock | undefined> {
    try {
      return tryLock(join(this.#root, "lock"));
    } catch (error) {
      if (await isThere(this.#root)) throw error;
      return undefined;
    }
  }

  /**
   * Removes the unfinished files of dead processes.
   * @returns how many files were removed
   */
  async removeUnfinished(): Promise<number> {
    const folder = this.#partFolder();
    const names = await namesIn(folder);
    const owners = new Set(names.map((name) => markedOwner(name) ?? unfinishedShape.exec(name)?.[1]));
    let removed = 0;
    for (const owner of owners) {
      const mark = owner === undefined || owner === this.#mark?.owner ? undefined : claimOwnerMark(folder, owner);
      if (mark === undefined) continue;
      try {
        for (const name of names) {
          if (unfinishedShape.exec(name)?.[1] !== owner) continue;
          await unlink(join(folder, name)).catch(ignoreMissing);
          removed += 1;
        }
        await mark.remove();
      } finally {
        mark.release();
      }
    }
    return removed;
  }

  /** Call this when nothing is being written any more. */
  async close(): Promise<void> {
    const mark = this.#mark;
    this.#mark = undefined;
    await endOwnerMark(mark);
  }

  /** The path of an entry, whether it is there or not. */
  pathOf(key: string): string {
    if (!keyShape.test(key)) throw new TypeError(`Not a key of a derived file: ${JSON.stringify(key)}`);
    return join(this.#root, key.slice(0, 2), key);
  }

  #partFolder(): string {
    return join(this.#root, "unfinished");
  }

  /** Has a file written under another name first, so that nobody ever sees a part of the entry. */
  async #place(key: string, write: (path: string) => Promise<void>): Promise<void> {
    const target = this.pathOf(key);
    await this.#makeFolder(key.slice(0, 2));
    const part = await this.newFile();
    try {
      await write(part);
      await rename(part, target);
    } catch (error) {
      await this.#giveUp(part, error);
      throw error;
    }
  }

  async #giveUp(path: string, error: unknown): Promise<void> {
    // Somebody has emptied the folder. The next write makes it again.
    if (errnoOf(error) === "ENOENT") this.#forget();
    await unlink(path).catch(() => undefined);
  }

  /** Folders are made on the first write, since a process that only reads, perhaps on a read-only disk, needs none. */
  async #makeFolder(name: string): Promise<void> {
    if (this.#made.has(name)) return;
    await mkdir(join(this.#root, name), { recursive: true, mode: 0o700 });
    this.#made.add(name);
  }

  #forget(): void {
    this.#made.clear();
    this.#mark?.release();
    this.#mark = undefined;
  }
}

/** The space that a file of this size takes on most disks. */
export function onDisk(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes;
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(ignoreMissing)) !== undefined;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(ignoreMissing)) ?? [];
}

function ignoreMissing(error: unknown): undefined {
  if (errnoOf(error) !== "ENOENT") throw error;
}
