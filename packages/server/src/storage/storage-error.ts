export type StorageErrorCode = "BLOB_MISSING" | "BLOB_EXISTS" | "STORAGE_FULL" | "STORAGE_READ_ONLY" | "STORAGE_FAILED";

/** A failure of the spool or of a blob store. `message` may name paths: it is for the log, never for a caller. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const codeByErrno: Readonly<Record<string, StorageErrorCode>> = {
  ENOSPC: "STORAGE_FULL",
  EDQUOT: "STORAGE_FULL",
  EROFS: "STORAGE_READ_ONLY",
  EACCES: "STORAGE_READ_ONLY",
  EPERM: "STORAGE_READ_ONLY",
};

/**
 * Turns a system error into a StorageError with one of our codes. `meaning` adds what an errno says about this one
 * operation (`{ EEXIST: "BLOB_EXISTS" }`). Anything else that was thrown, above all the reason of an abort, comes back
 * as it is.
 */
export function toStorageError(
  error: unknown,
  action: string,
  meaning: Readonly<Record<string, StorageErrorCode>> = {},
): unknown {
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  return new StorageError(meaning[errno] ?? codeByErrno[errno] ?? "STORAGE_FAILED", `Can't ${action}: ${errno}`, {
    cause: error,
  });
}

/** "ENOENT" and the like; undefined for an error that no system call raised. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
