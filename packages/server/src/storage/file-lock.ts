import { DatabaseSync } from "node:sqlite";

export interface FileLock {
  /** More than once does nothing. */
  release(): void;
}

const busy = 5;

/**
 * Locks the file at `path`, which is made (empty) when it isn't there. The system itself gives the lock back when the
 * process ends, however it ends. Node has no file locks but those of SQLite, which hold between threads as well, and
 * wherever the database's own do.
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
