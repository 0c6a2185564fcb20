import { SluiceError } from "@sluice/protocol";
import type { Database } from "../../database/database.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import { StorageError } from "../../storage/storage-error.ts";
import type { ResumableDeps } from "./deps.ts";
import type { Lease } from "./lease.ts";
import { clearSession, refuseSession, removeSession as removeSessionScript } from "./sessions/end-transactions.ts";
import type { EndedSession } from "./sessions/session.ts";

type EndDeps = Pick<ResumableDeps, "blobs" | "database" | "logger">;
type RefuseDeps = EndDeps & Pick<ResumableDeps, "metrics">;

/**
 * Refuses the upload for good. The session keeps the refusal, and nothing of what has come.
 * @throws SluiceError UPLOAD_SESSION_BUSY when the lease was lost: another request decides then
 */
export async function refuseForGood(deps: RefuseDeps, lease: Lease, refusal: SluiceError): Promise<void> {
  const { digest, holder } = lease;
  const { status } = refusal;
  const body = refusal.toJSON();
  const ended = await deps.database.run(refuseSession, { digest, holder, status, body });
  if (ended === undefined) throw new SluiceError("UPLOAD_SESSION_BUSY", {}, { cause: refusal });
  lease.end({ state: "refused", refusal: { status, body }, bytes: undefined });
  deps.metrics.uploads.inc({ outcome: refusal.reason });
  await discardBytes(deps, ended);
}

/**
 * Removes the session: before the end of the upload with all that has come, after it without the file.
 * @param holder the lease's; undefined for an upload that has ended
 * @throws SluiceError UPLOAD_SESSION_NOT_FOUND
 */
export async function removeSession(deps: EndDeps, digest: Uint8Array, holder: string | undefined): Promise<void> {
  const ended = await deps.database.run(removeSessionScript, { digest, holder: holder ?? null });
  if (ended === undefined) throw new SluiceError("UPLOAD_SESSION_NOT_FOUND");
  await discardBytes(deps, ended);
}

/**
 * Ends a session whose acknowledged bytes are gone, which nothing brings back: its client has to begin again.
 * @throws SluiceError UPLOAD_SESSION_ENDED, if that is what has failed
 */
export async function endIfBytesAreGone(deps: EndDeps, lease: Lease, failure: unknown): Promise<void> {
  if (!(failure instanceof StorageError) || failure.code !== "BLOB_MISSING") return;
  deps.logger.warn({ err: failure }, "a resumable upload has lost bytes that it had acknowledged; it is ended");
  await removeSession(deps, lease.digest, lease.holder);
  throw new SluiceError("UPLOAD_SESSION_ENDED", {}, { cause: failure });
}

/** Discards the bytes of a session that has ended. What can't be discarded now is left to the sweep. Never throws. */
export async function discardBytes(deps: EndDeps, ended: EndedSession): Promise<void> {
  try {
    await discardSession(deps, ended);
  } catch (error) {
    deps.logger.warn({ err: error }, "the bytes of an ended upload could not be discarded; the sweep tries again");
  }
}

interface DiscardDeps {
  readonly blobs: Pick<BlobStore, "delete" | "partial">;
  readonly database: Database;
}

/**
 * Discards the bytes of a session that has ended, and records that. It may be called again when it has failed.
 * @throws StorageError, DatabaseError; the signal's reason
 */
export async function discardSession(
  { blobs, database }: DiscardDeps,
  session: EndedSession,
  signal?: AbortSignal,
): Promise<void> {
  await discardReceived(blobs, session, signal);
  await database.run(clearSession, { digest: session.digest });
}

/**
 * Discards the bytes of a session that has ended, or can't go on. It may be called again.
 * @throws StorageError; the signal's reason
 */
export async function discardReceived(
  blobs: DiscardDeps["blobs"],
  { bytes, isStored }: EndedSession,
  signal?: AbortSignal,
): Promise<void> {
  if (bytes === undefined) return;
  await blobs.partial.discard(bytes, signal);
  // No version can have the blob that the bytes may have become, because the commit ends the session.
  if (!isStored) await blobs.delete(bytes.key, signal);
}
