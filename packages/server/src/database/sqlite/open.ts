import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { errnoOf } from "../../storage/storage-error.ts";
import { LogReserve, withReserve } from "./log-reserve.ts";

/**
 * The time that a connection waits for another process to finish its write, for example a command that runs beside the
 * server.
 */
const busyTimeoutMs = 10_000;

/**
 * Number of pages in the log from which on it is copied into the database: 16 MiB. Pages that every commit changes are
 * copied once for all commits since, and after a crash the log is read in a moment.
 */
const checkpointPages = 4000;

/**
 * Creates the database's file, empty, if it doesn't exist. Only its owner may access it, whatever the umask. SQLite
 * gives the same permissions to the files that it keeps beside it. An existing file is not opened, because closing it
 * would end the locks that SQLite holds on it in this process.
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
 * (docs/architecture.md decision 6). The log's index takes some room. On a full disk it comes from the reserve, so that
 * a server or a command can be started to make room.
 */
export function openForWriting(path: string): DatabaseSync {
  return withReserve(new LogReserve(path, 0), () => {
    const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    try {
      database.exec("pragma journal_mode = wal");
      database.exec("pragma synchronous = full");
      database.exec(`pragma wal_autocheckpoint = ${checkpointPages}`);
      database.exec("pragma temp_store = memory");
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Opens a connection that sees only committed rows and never waits for the writer. */
export function openForReading(path: string): DatabaseSync {
  // A reader of a log hardly ever waits, and while it does, nothing else happens in this thread.
  const database = new DatabaseSync(path, { readOnly: true, timeout: 100 });
  database.exec("pragma query_only = on");
  database.exec("pragma temp_store = memory");
  // Lists and searches look up rows all over the search index.
  database.exec("pragma cache_size = -16384");
  return database;
}
