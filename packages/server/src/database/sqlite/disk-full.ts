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
