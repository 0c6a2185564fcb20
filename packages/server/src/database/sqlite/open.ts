import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { errnoOf } from "../../storage/storage-error.ts";

/** How long a connection waits for another process, such as a command run beside the server, to finish its write. */
const busyTimeout = 10_000;

/**
 * Pages in the log from which on it is copied into the database: 16 MiB. The pages that every commit changes are copied
 * once for all commits since, and the log is read in a moment after a crash.
 */
const checkpointPages = 4000;

/**
 * Makes the database's file, empty, when it isn't there: for its owner alone, whatever the umask. SQLite gives the same
 * permissions to the files that it keeps beside it. One that is there is not opened: to close it would end the locks that
 * SQLite holds on it in this process.
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  }
}

/**
 * Opens the one writing connection of this process: WAL, and every COMMIT on disk before it returns
 * (docs/architecture.md decision 6).
 */
export function openForWriting(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyTimeout, enableForeignKeyConstraints: true });
  database.exec("pragma journal_mode = wal");
  database.exec("pragma synchronous = full");
  database.exec(`pragma wal_autocheckpoint = ${checkpointPages}`);
  database.exec("pragma temp_store = memory");
  return database;
}

/** Opens a connection that sees committed rows alone and never waits for the writer. */
export function openForReading(path: string): DatabaseSync {
  // A reader of a log hardly ever waits, and while it does, nothing else happens in this thread.
  const database = new DatabaseSync(path, { readOnly: true, timeout: 100 });
  database.exec("pragma query_only = on");
  database.exec("pragma temp_store = memory");
  return database;
}
