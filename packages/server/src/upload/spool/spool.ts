import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, opendir, unlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { errnoOf, toStorageError } from "../../storage/storage-error.ts";
import { SpoolFile } from "./spool-file.ts";

export interface SpoolUsage {
  readonly files: number;
  readonly bytes: number;
}

export interface SweepOptions {
  /** Files last written before this go. Leave it the longest possible request: other processes may share the folder. */
  readonly olderThan: Date;
  readonly signal?: AbortSignal;
}

const nameShape = /^[0-9a-f]{32}\.upload$/;

/** Where uploads wait, whole or in part, until they are accepted or refused. */
export class Spool {
  readonly #folder: string;
  readonly #active = new Map<string, SpoolFile>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder (0700) when it isn't there. */
  static async open(folder: string): Promise<Spool> {
    const path = resolve(folder);
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw toStorageError(error, `open the spool at ${path}`);
    }
    return new Spool(path);
  }

  /** A new file, to be discarded by the caller in the end. Nothing is on the disk before its first block is full. */
  create(signal?: AbortSignal): SpoolFile {
    const name = `${randomBytes(16).toString("hex")}.upload`;
    const file = new SpoolFile({
      path: join(this.#folder, name),
      open: (path) => open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600),
      released: () => this.#active.delete(name),
      signal,
    });
    this.#active.set(name, file);
    return file;
  }

  /** What this process's uploads hold now. */
  usage(): SpoolUsage {
    let bytes = 0;
    for (const file of this.#active.values()) bytes += file.size;
    return { files: this.#active.size, bytes };
  }

  /** Removes what a crash left behind, and tells how much that was. Uploads of this process are never touched. */
  async sweep({ olderThan, signal }: SweepOptions): Promise<SpoolUsage> {
    let [files, bytes] = [0, 0];
    try {
      for await (const { name } of await opendir(this.#folder)) {
        signal?.throwIfAborted();
        if (!nameShape.test(name) || this.#active.has(name)) continue;
        const removed = await this.#removeIfOlder(name, olderThan);
        if (removed === undefined) continue;
        files += 1;
        bytes += removed;
      }
    } catch (error) {
      throw toStorageError(error, `sweep the spool at ${this.#folder}`);
    }
    return { files, bytes };
  }

  /** The removed file's size; undefined when it is younger, or when another process's sweep was faster. */
  async #removeIfOlder(name: string, olderThan: Date): Promise<number | undefined> {
    const path = join(this.#folder, name);
    try {
      const { mtime, size } = await lstat(path);
      if (mtime >= olderThan) return undefined;
      await unlink(path);
      return size;
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }
}
