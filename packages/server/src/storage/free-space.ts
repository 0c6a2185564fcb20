import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { StorageError, toStorageError } from "./storage-error.ts";

/** The bytes that an upload has still to write. */
export interface SpaceNeeded {
  readonly spool: number;
  /**
   * Counts only where the blobs are on another file system than the spool. On the same one a link is enough
   * (except across a bind mount, where the bytes of the copy are not counted), and blobs in a bucket need no disk.
   */
  readonly blobs: number;
}

/** The folders into which an upload's bytes and rows go. */
export interface UploadFolders {
  readonly spool: string;
  /** The folder is undefined where the blobs are on no disk of this machine. */
  readonly blobs: string | undefined;
  readonly database: string;
}

export interface FreeSpaceOptions {
  /** The maximum age of a reused answer. An answer that says no is never reused. */
  readonly maxAgeMs?: number;
  /** Bytes to be left over on each file system, for the database's log and for folders. */
  readonly reserve?: number;
  /** Rejects when blobs can't be stored now. It is for stores where no measurement of a disk can tell that. */
  readonly checkStore?: (() => Promise<void>) | undefined;
}

interface Measurement {
  readonly at: number;
  readonly spool: number;
  readonly blobs: number;
  readonly database: number;
  readonly sameFileSystem: boolean;
}

/** Free bytes: undefined for a folder that nothing can be written to, null for blobs that are on no disk of this machine. */
export interface FreeRoom {
  readonly spool: number | undefined;
  readonly blobs: number | null | undefined;
  readonly database: number | undefined;
}

/**
 * Tells whether the disks, and a store elsewhere, can take an upload. This is asked before the upload's token is burnt,
 * because afterwards the upload could not come again.
 */
export class FreeSpace {
  readonly #folders: UploadFolders;
  readonly #maxAgeMs: number;
  readonly #reserve: number;
  readonly #checkStore: (() => Promise<void>) | undefined;
  #latest: Measurement | undefined;
  #measuring: Promise<Measurement> | undefined;

  constructor(folders: UploadFolders, { maxAgeMs = 1000, reserve = 1024 * 1024, checkStore }: FreeSpaceOptions = {}) {
    this.#folders = folders;
    this.#maxAgeMs = maxAgeMs;
    this.#reserve = reserve;
    this.#checkStore = checkStore;
  }

  /** @throws StorageError STORAGE_FULL, STORAGE_READ_ONLY, STORAGE_FAILED */
  async assert(needed: SpaceNeeded): Promise<void> {
    const latest = this.#latest;
    const isFresh = latest !== undefined && performance.now() - latest.at < this.#maxAgeMs;
    if (isFresh && this.#lacking(latest, needed) === undefined) return;
    const lacking = this.#lacking(await this.#measureAgain(), needed);
    if (lacking !== undefined) {
      throw new StorageError("STORAGE_FULL", `There is no room for an upload in ${this.#folders[lacking]}`);
    }
  }

  /** The bytes that are free in each folder, each measured for itself. */
  async room(): Promise<FreeRoom> {
    const { spool, blobs, database } = this.#folders;
    const freeIn = (folder: string) =>
      measure(folder).then(
        ({ free }) => free,
        () => undefined,
      );
    const found = await Promise.all([freeIn(spool), blobs === undefined ? null : freeIn(blobs), freeIn(database)]);
    return { spool: found[0], blobs: found[1], database: found[2] };
  }

  /** The room of the file systems, of those folders alone that can be written to. */
  async disks(): Promise<{ readonly folder: string; readonly size: number; readonly free: number }[]> {
    const { spool, blobs, database } = this.#folders;
    const folders = { data: database, spool, ...(blobs !== undefined && { files: blobs }) };
    const measured = Object.entries(folders).map(async ([folder, path]) => {
      const found = await measure(path).catch(() => undefined);
      return found === undefined ? [] : [{ folder, size: found.size, free: found.free }];
    });
    return (await Promise.all(measured)).flat();
  }

  /** Whether a folder with so much room takes anything at all. */
  hasRoom(free: number | undefined): boolean {
    return free !== undefined && free >= this.#reserve;
  }

  /**
   * Called when something could not be stored. Whatever the last measurement says, done or under way, the next caller who
   * asks has it measured again.
   */
  distrust(): void {
    this.#latest = undefined;
    this.#measuring = undefined;
  }

  #lacking(latest: Measurement, { spool, blobs }: SpaceNeeded): keyof UploadFolders | undefined {
    if (latest.spool < spool + this.#reserve) return "spool";
    if (latest.blobs < (latest.sameFileSystem ? 0 : blobs) + this.#reserve) return "blobs";
    return latest.database < this.#reserve ? "database" : undefined;
  }

  /** Callers who ask at the same time share a measurement. */
  async #measureAgain(): Promise<Measurement> {
    this.#measuring ??= this.#measure();
    const measuring = this.#measuring;
    try {
      const latest = await measuring;
      if (this.#measuring === measuring) this.#latest = latest;
      return latest;
    } finally {
      if (this.#measuring === measuring) this.#measuring = undefined;
    }
  }

  async #measure(): Promise<Measurement> {
    const at = performance.now();
    const [spool, blobs, database] = await Promise.all([
      measure(this.#folders.spool),
      measure(this.#folders.blobs ?? this.#folders.spool),
      measure(this.#folders.database),
      this.#checkStore?.(),
    ]);
    const sameFileSystem = spool.device === blobs.device;
    return { at, spool: spool.free, blobs: blobs.free, database: database.free, sameFileSystem };
  }
}

interface MeasuredFolder {
  readonly free: number;
  readonly size: number;
  readonly device: number;
}

async function measure(folder: string): Promise<MeasuredFolder> {
  try {
    // With the trailing dot the path is found only if it is a folder.
    await access(`${folder}/.`, constants.W_OK | constants.X_OK);
    const [{ bavail, blocks, bsize }, { dev }] = await Promise.all([statfs(folder), stat(folder)]);
    return { free: bavail * bsize, size: blocks * bsize, device: dev };
  } catch (error) {
    throw toStorageError(error, `write to ${folder}`);
  }
}
