import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { type StorageUse, storageExceeded } from "../../accounts/storage-limit.ts";
import type { Config } from "../../config/config.ts";
import { largestLimit, limitOf, type SizeLimit } from "../../config/plans.ts";
import { receivedBytes } from "../../database/repositories/upload-sessions.ts";
import { storageUse } from "../../library/content/storage-room.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import type { SpaceNeeded } from "../../storage/free-space.ts";
import { assertFits, largestThatFits } from "../store/assert-fits.ts";
import type { ResumableDeps } from "./deps.ts";
import { refuseForGood } from "./end-session.ts";
import type { Lease } from "./lease.ts";

interface LongestUploadDeps {
  readonly config: Pick<Config, "fileSize">;
  readonly blobs: { readonly partial: Pick<BlobStore["partial"], "maxLength"> };
}

/** The size of the longest resumable upload, of any type: what the plan allows and the store can hold. */
export function longestUpload({ config: { fileSize }, blobs }: LongestUploadDeps): SizeLimit {
  const { maxLength } = blobs.partial;
  const largest = largestLimit(fileSize);
  return largest.limit <= maxLength ? largest : { limit: maxLength, setBy: "what a bucket can hold" };
}

/**
 * @param length undefined where the client tells it later
 * @throws SluiceError UPLOAD_LENGTH_TOO_LARGE
 */
export function assertLength(deps: LongestUploadDeps, length: number | undefined): void {
  const longest = longestUpload(deps);
  if (length !== undefined && length > longest.limit) throw new SluiceError("UPLOAD_LENGTH_TOO_LARGE", { ...longest });
}

/**
 * Bounds a file by the steps that its plan has.
 * @returns the most bytes that the file may have
 * @throws SluiceError FILE_MISSING, FILE_TOO_LARGE_FOR_STEP
 */
export function maxLengthOf(
  deps: LongestUploadDeps & Parameters<typeof assertFits>[0],
  plan: Parameters<typeof assertFits>[1],
  length: number | undefined,
): number {
  if (length === 0) throw new SluiceError("FILE_MISSING");
  if (length !== undefined) assertFits(deps, plan, length);
  return Math.min(longestUpload(deps).limit, largestThatFits(deps, plan), Number.MAX_SAFE_INTEGER - 1);
}

/**
 * The account's use of its storage with the bytes that its open sessions hold.
 * @returns undefined for an account without a limit
 */
export async function storageUseWithSessions(
  deps: Pick<ResumableDeps, "config" | "database" | "now">,
  principal: Principal,
): Promise<StorageUse | undefined> {
  const use = await storageUse(deps, principal);
  if (use === undefined) return undefined;
  const { accountId } = principal;
  const received = await receivedBytes(deps.database.reader, { accountId, now: deps.now() });
  return { ...use, stored: use.stored + received };
}

/**
 * Asserts that the account's storage takes a file of this length. A length that isn't known, or that of a file that is to
 * be transformed and may become smaller, counts as one byte: the bytes are looked at as they come.
 * @throws SluiceError STORAGE_LIMIT_EXCEEDED
 */
export async function assertStorageFor(
  deps: Pick<ResumableDeps, "config" | "database" | "now">,
  principal: Principal,
  length = 1,
): Promise<void> {
  const use = await storageUseWithSessions(deps, principal);
  if (use !== undefined && use.stored + length > use.limit) throw storageExceeded(use);
}

/** The disk space that bytes of a resumable upload need. They go straight into the store, past the spool. */
export function spaceFor({ localFolder }: Pick<BlobStore, "localFolder">, bytes: number): SpaceNeeded {
  // Where the blobs are on the same file system as the spool, the space of the spool is looked at.
  return localFolder === undefined ? { spool: 0, blobs: 0 } : { spool: bytes, blobs: bytes };
}

/**
 * Takes the length of an upload that was created without one (tus 1.0, "creation-defer-length"). The upload is judged by
 * it as a creation is judged, before any further byte comes.
 * @throws SluiceError UPLOAD_LENGTH_TOO_LARGE and FILE_MISSING, which end the upload; STORAGE_LIMIT_EXCEEDED
 */
export async function takeLength(
  deps: ResumableDeps,
  lease: Lease,
  principal: Principal,
  length: number,
): Promise<void> {
  const { bytes, fields, offset } = lease.session;
  if (bytes === undefined) throw new SluiceError("UPLOAD_SESSION_ENDED");
  const refusal = length === 0 ? new SluiceError("FILE_MISSING") : excessOf(deps, bytes.length, length);
  if (refusal !== undefined) {
    await refuseForGood(deps, lease, refusal);
    throw refusal;
  }
  // What has come counts for the account already.
  const isTransformed = fields.some(([name]) => name === "transformation");
  if (!isTransformed) await assertStorageFor(deps, principal, length - offset);
  await lease.tellLength(length);
}

/** The refusal for a file of unknown length of which more has come, or is told to come, than it may have. */
export function excessOf(
  deps: Pick<ResumableDeps, "config" | "blobs">,
  maxLength: number,
  length: number,
): SluiceError | undefined {
  return length > maxLength ? new SluiceError("UPLOAD_LENGTH_TOO_LARGE", boundOf(deps, maxLength)) : undefined;
}

/** Names what has set the most bytes that an upload of unknown length may have. */
function boundOf(deps: Pick<ResumableDeps, "config" | "blobs">, limit: number): { limit: number; setBy: string } {
  const { fileSize } = deps.config;
  const known: readonly SizeLimit[] = [longestUpload(deps), limitOf(fileSize, "video"), limitOf(fileSize, undefined)];
  const setBy = known.find((bound) => bound.limit === limit)?.setBy;
  return { limit, setBy: setBy ?? "a step that reads the whole file, such as the virus scan" };
}
