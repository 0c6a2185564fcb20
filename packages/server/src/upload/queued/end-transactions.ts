import type { Connection } from "../../database/database.ts";
import { deleteQueuedUpload, tokenOfQueued } from "../../database/repositories/queued-uploads.ts";
import { refuseQueuedSession, updateSessionAnswer } from "../../database/repositories/upload-sessions.ts";
import { endQueuedToken } from "../../database/repositories/used-tokens.ts";
import { findEventContext } from "../../events/event-context.ts";
import { recordEvent } from "../../events/record-event.ts";
import type { Refusal } from "../resumable/sessions/session.ts";

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

export interface QueuedUploadFailure {
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
