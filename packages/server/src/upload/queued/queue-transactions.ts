import type { StorageUse } from "../../accounts/storage-limit.ts";
import { type Connection, Rollback } from "../../database/database.ts";
import { holdActiveAccount } from "../../database/repositories/accounts.ts";
import { holdKeyPair } from "../../database/repositories/key-pairs.ts";
import {
  countQueuedUploads,
  deleteQueuedUpload,
  insertQueuedUpload,
  type QueuedUploadRow,
  tokenOfQueued,
} from "../../database/repositories/queued-uploads.ts";
import {
  queueSession,
  refuseQueuedSession,
  type SessionHold,
  updateSessionAnswer,
} from "../../database/repositories/upload-sessions.ts";
import { endQueuedToken, queueUsedToken } from "../../database/repositories/used-tokens.ts";
import { findEventContext } from "../../events/event-context.ts";
import { recordEvent } from "../../events/record-event.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import type { ContentToEnter } from "../../library/content/enter-content.ts";
import { secureBlob, type UnsecuredContent } from "../../library/content/secure-blob.ts";
import { assertStorage } from "../../library/content/storage-room.ts";
import type { Refusal } from "../resumable/sessions/session.ts";
import { queuedUploadKind } from "./job-kinds.ts";

export interface QueueUploadInput extends ContentToEnter {
  readonly upload: Omit<QueuedUploadRow, "blob_id" | "size" | "session_digest">;
  /** The session that the upload came by. The transaction is its end. */
  readonly session?: SessionHold | undefined;
  /** The server's limit, for an account without a limit of its own. Absent if storage isn't limited. */
  readonly storageLimit?: number;
  /** The number of uploads of the account that may be queued. */
  readonly maxQueued: number;
}

/** Whether the upload is queued, which is as good as stored, or why not. */
export type QueueOutcome =
  | { readonly outcome: "stored" }
  | { readonly outcome: "too many" }
  | { readonly outcome: "abandoned" | "account disabled" | "key revoked" }
  | ({ readonly outcome: "storage limit" } & StorageUse);

/** Keeps what came of an upload, and enqueues the job that makes its file. It does all of it or nothing. */
export async function queueUpload(
  connection: Connection,
  input: QueueUploadInput,
): Promise<QueueOutcome | UnsecuredContent> {
  const { upload, session, size, now, storageLimit, maxQueued, blob } = input;
  const { id, account_id: accountId, key_id: keyId } = upload;
  if (storageLimit !== undefined) {
    await assertStorage(connection, accountId, { size, standard: storageLimit, now, session: session?.digest });
  }
  if (!(await holdKeyPair(connection, accountId, keyId))) {
    return { outcome: (await holdActiveAccount(connection, accountId)) ? "key revoked" : "account disabled" };
  }
  if ((await countQueuedUploads(connection, accountId)) >= maxQueued) return { outcome: "too many" };
  await secureBlob(connection, accountId, input, now);
  if (session !== undefined && !(await queueSession(connection, { ...session, version_id: id }))) {
    throw new Rollback({ outcome: "abandoned" });
  }
  await insertQueuedUpload(connection, { ...upload, blob_id: blob.id, size, session_digest: session?.digest ?? null });
  const token = tokenOfQueued(upload);
  if (token !== undefined && !(await queueUsedToken(connection, token))) throw new Rollback({ outcome: "abandoned" });
  await enqueueJob(connection, queuedUploadKind, { accountId, id });
  return { outcome: "stored" };
}

/**
 * Ends a queued upload with the version that its job has made.
 * @returns false if it has ended before
 */
export async function settleQueuedUpload(
  connection: Connection,
  accountId: string,
  id: string,
  end: { readonly version_id: string; readonly answer: string },
): Promise<boolean> {
  const row = await deleteQueuedUpload(connection, accountId, id);
  if (row === undefined) return false;
  const { session_digest: digest } = row;
  if (digest !== null) await updateSessionAnswer(connection, { digest, answer: end.answer });
  const token = tokenOfQueued(row);
  if (token !== undefined) await endQueuedToken(connection, token, { outcome: "stored", ...end });
  return true;
}

interface QueuedUploadFailure {
  readonly accountId: string;
  readonly id: string;
  /** The text of `pre`, and the path that the file would have had. */
  readonly pre: string;
  readonly path: string;
  /** What the event says. */
  readonly reason: string;
  /** What the resumable upload is answered, if it was one. */
  readonly refusal: Refusal;
  readonly now: number;
}

/**
 * Ends a queued upload of which no file could be made, and tells the account's endpoints
 * (docs/protocol/webhooks-and-extensions.md §4). What came is left to the sweep.
 * @returns false if it has ended before
 */
export async function failQueuedUpload(
  connection: Connection,
  { accountId, id, pre, path, reason, refusal, now }: QueuedUploadFailure,
): Promise<boolean> {
  const row = await deleteQueuedUpload(connection, accountId, id);
  if (row === undefined) return false;
  const { name, request_id: requestId, public_url: publicUrl, session_digest: digest } = row;
  if (digest !== null) await refuseQueuedSession(connection, { digest, refusal: JSON.stringify(refusal) });
  const token = tokenOfQueued(row);
  if (token !== undefined) await endQueuedToken(connection, token, { outcome: "abandoned" });
  const context = await findEventContext(connection, accountId, publicUrl);
  const request = { x_request_id: requestId, transformation: pre };
  const data = () => ({ name, path, transformation: { error: { reason } } });
  await recordEvent(connection, context, { type: "upload.pre-transform.error", request, data }, now);
  return true;
}
