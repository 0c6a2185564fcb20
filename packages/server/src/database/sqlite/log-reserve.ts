import { randomFillSync } from "node:crypto";
import { closeSync, openSync, statfsSync, statSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * SQLite's codes for a file that could not grow. SQLite says "full" only for a disk without room. Where the quota of a
 * file system is used up, a write fails, and so does the growth of the log's index (`-shm`).
 */
const codes: ReadonlySet<unknown> = new Set([
  13, // SQLITE_FULL
  778, // SQLITE_IOERR_WRITE
  4874, // SQLITE_IOERR_SHMSIZE
]);

/** Whether SQLite failed because a file of the database could not grow. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && codes.has(error.errcode);
}

const KiB = 1024;
const blockBytes = 64 * KiB;
/** The first slice of room that is given up. Each further one is twice as large, since each try costs a transaction. */
const firstSliceBytes = 256 * KiB;
/** The room that one turn takes, so that no transaction waits long for it. */
const bytesPerTurn = 1024 * KiB;
/** The reserve takes no more than this part of the room, so that it doesn't fill a small disk. */
const maxShare = 1 / 8;

/**
 * Room on the database's disk that is kept for transactions which make room. It is a file beside the database,
 * `<database>-reserve`. Where the disk is full, such a transaction shortens the file, and the database's log takes the
 * room. The file is filled again once there is room. Other processes may shorten or fill the same file at any time.
 */
export class LogReserve {
  readonly #path: string;
  readonly #bytes: number;
  /** The size before the first slice was given up. */
  #before: number | undefined;
  #sliceBytes = firstSliceBytes;

  /** @param bytes how large the file shall be; 0 in a process that only gives up what another one has taken */
  constructor(databasePath: string, bytes: number) {
    this.#path = `${databasePath}-reserve`;
    this.#bytes = bytes;
  }

  /** Gives up a slice. @returns false when nothing was left */
  giveUp(): boolean {
    const size = this.#size();
    if (size === 0) return false;
    this.#before ??= size;
    truncateSync(this.#path, Math.max(0, size - this.#sliceBytes));
    this.#sliceBytes *= 2;
    return true;
  }

  /** Takes again what was given up and not used, before others take it. Never throws: no request depends on it. */
  takeBack(): void {
    const before = this.#before;
    this.#before = undefined;
    this.#sliceBytes = firstSliceBytes;
    if (before !== undefined) this.#growTo(before);
  }

  /** Does a part of what is needed to fill the reserve. Never throws. @returns whether there is more to do */
  fill(): boolean {
    try {
      const size = this.#size();
      if (size >= this.#bytes) return false;
      const { bavail, bsize } = statfsSync(dirname(this.#path));
      const goal = Math.min(this.#bytes, Math.floor(maxShare * (size + bavail * bsize)));
      if (goal - size < blockBytes) return false;
      return this.#growTo(Math.min(goal, size + bytesPerTurn));
    } catch {
      return false;
    }
  }

  #size(): number {
    return statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Never throws. @returns whether the file has grown as far */
  #growTo(bytes: number): boolean {
    try {
      const file = openSync(this.#path, "a", 0o600);
      try {
        // A file system that compresses files, or leaves holes in them, keeps no room for zeros.
        const block = randomFillSync(Buffer.allocUnsafe(blockBytes));
        let size = this.#size();
        while (size < bytes) size += writeSync(file, block, 0, Math.min(blockBytes, bytes - size));
      } finally {
        closeSync(file);
      }
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * Does the work, and does it again with room of the reserve as often as the disk is full and the reserve has some.
 * @throws what the work throws
 */
export function withReserve<Result>(reserve: LogReserve, work: () => Result): Result {
  try {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isDiskFull(error) || !reserve.giveUp()) throw error;
      }
    }
  } finally {
    reserve.takeBack();
  }
}
