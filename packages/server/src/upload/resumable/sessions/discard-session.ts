import type { Database } from "../../../database/database.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import type { EndedSession } from "./session.ts";
import type { clearSession } from "./session-transactions.ts";

export interface DiscardNeeds {
  readonly blobs: Pick<BlobStore, "delete" | "partial">;
  readonly database: Database<{ readonly clearSession: typeof clearSession }>;
}

/**
 * Discards the bytes of a session that has ended, and records that. It may be called again when it has failed.
 * @throws StorageError, DatabaseError; the signal's reason
 */
export async function discardSession(
  { blobs, database }: DiscardNeeds,
  session: EndedSession,
  signal?: AbortSignal,
): Promise<void> {
  await discardReceived(blobs, session, signal);
  await database.run("clearSession", { digest: session.digest });
}

/**
 * Discards the bytes of a session that has ended, or can't go on. It may be called again.
 * @throws StorageError; the signal's reason
 */
export async function discardReceived(
  blobs: DiscardNeeds["blobs"],
  { bytes, isStored }: EndedSession,
  signal?: AbortSignal,
): Promise<void> {
  if (bytes === undefined) return;
  await blobs.partial.discard(bytes, signal);
  // No version can have the blob that the bytes may have become, because the commit ends the session.
  if (!isStored) await blobs.delete(bytes.key, signal);
}
