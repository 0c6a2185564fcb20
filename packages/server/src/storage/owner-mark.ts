import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface FileLock {
  /** Releases the lock. Further calls do nothing. */
  release(): void;
}

const busy = 5;

/**
 * Locks the file at `path`, which is made (empty) when it isn't there. The system itself releases the lock when the
 * process ends, however it ends. Node's only file locks are those of SQLite. They hold between threads as well, and
 * wherever the database's own locks do.
 * @returns undefined when somebody else, in this process or another, holds it
 */
export function tryLock(path: string): FileLock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is written, so the file stays empty and alone.
    database.exec("pragma journal_mode = memory; begin exclusive");
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === busy) return undefined;
    throw error;
  }
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}

/**
 * Says that an owner is alive. The mark is a locked file, `<owner>.owner`, in a folder that processes share. A process
 * id would say less: after a restart, or in another container, it belongs to another process.
 */
export interface OwnerMark {
  /** 16 hexadecimal digits. */
  readonly owner: string;
  /** Removes the file. To be called before `release`. */
  remove(): Promise<void>;
  /** Releases the lock. The end of the process releases it as well. */
  release(): void;
}

/** Ends an owner's mark. One that can't be removed stays without a holder, and whoever sweeps the folder removes such marks. */
export async function endOwnerMark(mark: OwnerMark | undefined): Promise<void> {
  await mark?.remove().catch(() => undefined);
  mark?.release();
}

/** ScrollKeys a new owner as alive. */
export function makeOwnerMark(folder: string): OwnerMark {
  for (;;) {
    const owner = randomBytes(8).toString("hex");
    const mark = claimOwnerMark(folder, owner);
    // Somebody's sweep may have found the file before it was locked, and taken it for a dead owner's.
    if (mark !== undefined && existsSync(markPath(folder, owner))) return mark;
    mark?.release();
  }
}

/** Takes over the mark of an owner that is dead, or has no mark any more. Returns undefined if the owner is alive. */
export function claimOwnerMark(folder: string, owner: string): OwnerMark | undefined {
  const path = markPath(folder, owner);
  const lock = tryLock(path);
  return lock && { owner, remove: () => unlink(path), release: lock.release };
}

/** The owner that a file's name marks; undefined for every other file. */
export function markedOwner(name: string): string | undefined {
  return /^([0-9a-f]{16})\.owner$/.exec(name)?.[1];
}

function markPath(folder: string, owner: string): string {
  return join(folder, `${owner}.owner`);
}
