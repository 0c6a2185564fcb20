import type { StorageUse } from "../../accounts/storage-limit.ts";
import { type Connection, Rollback } from "../../database/database.ts";
import { holdActiveAccount } from "../../database/repositories/accounts.ts";
import { holdKeyPair } from "../../database/repositories/key-pairs.ts";
import {
  countQueuedUploads,
  insertQueuedUpload,
  type QueuedUploadRow,
  tokenOfQueued,
} from "../../database/repositories/queued-uploads.ts";
import { queueSession, type SessionHold } from "../../database/repositories/upload-sessions.ts";
import { queueUsedToken } from "../../database/repositories/used-tokens.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import type { ContentToEnter } from "../../library/content/enter-content.ts";
import { secureBlob, type UnsecuredContent } from "../../library/content/secure-blob.ts";
import { assertStorage } from "../../library/content/storage-room.ts";
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
