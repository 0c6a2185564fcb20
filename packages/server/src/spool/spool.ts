import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, unlink } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { claimOwnerMark, endOwnerMark, makeOwnerMark, markedOwner, type OwnerMark } from "../storage/owner-mark.ts";
import { errnoOf, StorageError, toStorageError } from "../storage/storage-error.ts";
import { type OpenSpoolFile, SpoolFile } from "./spool-file.ts";

export interface SpoolUsage {
  readonly files: number;
  readonly bytes: number;
}

const nameShape = /^([0-9a-f]{16})-[0-9a-f]{32}\.upload$/;

/**
 * The spool is the place where uploads wait, whole or in part, until they are accepted or refused. Several processes
 * may share the folder: each file's name begins with its owner, and the owner's mark says whether it lives.
 */
export class Spool {
  readonly #folder: string;
  /** The names of the files on the disk that hold this process's uploads. */
  readonly #names = new Set<string>();
  #files = 0;
  #bytes = 0;
  #mark: OwnerMark | undefined;

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

  get folder(): string {
    return this.#folder;
  }

  /**
   * Makes a file, which the caller must discard in the end. Nothing of it is on the disk before its first block is
   * full.
   */
  create(signal?: AbortSignal): SpoolFile {
    this.#files += 1;
    return new SpoolFile({
      open: () => this.#open(),
      took: (bytes) => {
        this.#bytes += bytes;
      },
      released: ({ size, path }) => {
        this.#files -= 1;
        this.#bytes -= size;
        if (path !== undefined) this.#names.delete(basename(path));
      },
      signal,
    });
  }

  /** Returns the space that this process's uploads hold now, on the disk or in memory. */
  usage(): SpoolUsage {
    return { files: this.#files, bytes: this.#bytes };
  }

  /** Removes what a crash left behind, whatever the clock says, and tells how much that was. No upload is touched. */
  async sweep(signal?: AbortSignal): Promise<SpoolUsage> {
    const dead: OwnerMark[] = [];
    try {
      for (const owner of ownersAmong(await readdir(this.#folder))) {
        const mark = owner === this.#mark?.owner ? undefined : claimOwnerMark(this.#folder, owner);
        if (mark !== undefined) dead.push(mark);
      }
      const swept = await this.#removeFilesOf(new Set([this.#mark, ...dead].map((mark) => mark?.owner)), signal);
      for (const mark of dead) await mark.remove();
      return swept;
    } catch (error) {
      throw toStorageError(error, `sweep the spool at ${this.#folder}`);
    } finally {
      for (const mark of dead) mark.release();
    }
  }

  /** Closes the spool; call this when no upload is under way any more. */
  async close(): Promise<void> {
    const mark = this.#mark;
    this.#mark = undefined;
    await endOwnerMark(mark);
  }

  async #open(): Promise<OpenSpoolFile> {
    const name = `${this.#ownMark().owner}-${randomUUID().replaceAll("-", "")}.upload`;
    const path = join(this.#folder, name);
    this.#names.add(name);
    try {
      return { path, handle: await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600) };
    } catch (error) {
      this.#names.delete(name);
      throw error;
    }
  }

  /**
   * Returns this process's mark, which is made for its first file. A process that only looks at the data, perhaps on a
   * read-only disk, owns no files and gets no mark.
   */
  #ownMark(): OwnerMark {
    try {
      this.#mark ??= makeOwnerMark(this.#folder);
      return this.#mark;
    } catch (error) {
      throw new StorageError("STORAGE_FAILED", `Can't mark the owner of files in ${this.#folder}`, { cause: error });
    }
  }

  /** Removes the files of these owners that are not uploads under way. */
  async #removeFilesOf(owners: ReadonlySet<string | undefined>, signal: AbortSignal | undefined): Promise<SpoolUsage> {
    let [files, bytes] = [0, 0];
    // The folder is listed again, now that the marks are claimed: an owner whose mark could be claimed is dead and adds
    // nothing more.
    for (const name of await readdir(this.#folder)) {
      signal?.throwIfAborted();
      const owner = nameShape.exec(name)?.[1];
      if (owner === undefined || !owners.has(owner) || this.#names.has(name)) continue;
      const removed = await this.#remove(name);
      if (removed === undefined) continue;
      files += 1;
      bytes += removed;
    }
    return { files, bytes };
  }

  /** Resolves with the removed file's size, or with undefined when the file is gone already. */
  async #remove(name: string): Promise<number | undefined> {
    const path = join(this.#folder, name);
    try {
      const { size } = await lstat(path);
      await unlink(path);
      return size;
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }
}

function ownersAmong(names: readonly string[]): Set<string> {
  const owners = names.map((name) => markedOwner(name) ?? nameShape.exec(name)?.[1]);
  return new Set(owners.filter((owner) => owner !== undefined));
}
