import { S3ServiceException } from "@aws-sdk/client-s3";
import { StorageError, type StorageErrorCode } from "../storage-error.ts";

/** Error codes by the name that the service gives its refusal. A bucket's quota that is used up is a full disk. */
const codeByName: Readonly<Record<string, StorageErrorCode>> = {
  QuotaExceeded: "STORAGE_FULL", // Ceph's gateway, and those who run it for others
  InsufficientCapacity: "STORAGE_FULL",
  XMinioStorageFull: "STORAGE_FULL",
  XMinioAdminBucketQuotaExceeded: "STORAGE_FULL",
  XRustfsQuotaExceeded: "STORAGE_FULL",
};

const codeByStatus: Readonly<Record<number, StorageErrorCode>> = { 507: "STORAGE_FULL" };

/** The meaning of a status, or of the name of a refusal, for one operation. The name goes first. */
export type Meaning = Readonly<Record<string, StorageErrorCode>>;

/**
 * Says in a few words what went wrong on the way to the bucket or in it. Neither the error itself nor its text is
 * passed on: the service quotes key ids and signatures in them, and they would end up in the log.
 * @param meaning for this one operation (`{ 412: "BLOB_EXISTS" }`)
 */
export function toS3StorageError(error: unknown, action: string, meaning: Meaning = {}): StorageError {
  if (error instanceof StorageError) return error;
  const status = statusOf(error) ?? 0;
  const name = nameOf(error);
  const code = codeByName[name] ?? meaning[name] ?? meaning[status] ?? codeByStatus[status] ?? "STORAGE_FAILED";
  return new StorageError(code, `Can't ${action}: ${describe(error)}`);
}

/** Returns the status of the service's answer; undefined when there was none, as far as we know. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** The meaning of 404 for a request by key. */
export const missing = { 404: "BLOB_MISSING" } as const;

/**
 * The refusals that tell that the service itself knows nothing of the key or the upload. A bare 404 tells less: it may
 * be a proxy's whose service is away, or that of a bucket which isn't there.
 */
export const lost = { NoSuchKey: "BLOB_MISSING", NoSuchUpload: "BLOB_MISSING" } as const;

export function isMissing(error: unknown): boolean {
  return error instanceof StorageError && error.code === "BLOB_MISSING";
}

function describe(error: unknown): string {
  const status = statusOf(error);
  if (status === undefined) return codeOf(error) ?? nameOf(error);
  const { requestId } = (error as S3ServiceException).$metadata;
  return `${nameOf(error)} (${status}${requestId === undefined ? "" : `, request ${requestId}`})`;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "Error";
}

/** Finds "ECONNREFUSED" and the like, also if several addresses were tried. */
function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
