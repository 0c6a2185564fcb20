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
