import type { Connection } from "../../../database/database.ts";
import {
  clearSessionRow,
  deleteOverSessions,
  type EndedSessionRow,
  endExpiredRow,
  endSessionRow,
  refuseSessionRow,
} from "../../../database/repositories/ended-sessions.ts";
import { type SessionKey, updateSessionAnswer } from "../../../database/repositories/upload-sessions.ts";
import { abandonUsedToken } from "../../../database/repositories/used-tokens.ts";
import { type EndedSession, endedSessionOf, type Refusal, tokenOf } from "./session.ts";

/*
 * A session ends in two steps. The first is a transaction, after which the session takes no bytes and nothing of it can
 * be committed. Then its bytes are discarded, and `clearSession` records that. The sweep does the second step for a
 * process that has died in between.
 */

/**
 * Refuses the upload for good. The session stays, without its bytes, so that its client can be told.
 * @returns the bytes to discard; undefined if the session isn't the holder's, or not open any more
 */
export async function refuseSession(
  connection: Connection,
  { digest, holder, status, body }: Refusal & { readonly digest: Uint8Array; readonly holder: string },
): Promise<EndedSession | undefined> {
  const refusal = JSON.stringify({ status, body } satisfies Refusal);
  return settled(connection, await refuseSessionRow(connection, { digest, holder, refusal }));
}

/**
 * Removes a session that the holder has, or one whose upload is stored or refused. A stored file stays.
 * @param input.holder null if nobody's lease was taken: then no open session is removed
 * @returns the bytes to discard; undefined if there is no such session
 */
export async function removeSession(
  connection: Connection,
  input: { readonly digest: Uint8Array; readonly holder: string | null },
): Promise<EndedSession | undefined> {
  return settled(connection, await endSessionRow(connection, input));
}

/** Removes an open session that has expired, unless a request still holds it. */
export async function expireSession(connection: Connection, input: SessionKey): Promise<EndedSession | undefined> {
  return settled(connection, await endExpiredRow(connection, input));
}

/** Records that an ended session's bytes are discarded. A session that was removed is forgotten. */
export async function clearSession(connection: Connection, { digest }: { readonly digest: Uint8Array }): Promise<void> {
  await clearSessionRow(connection, digest);
}

/** Forgets sessions without bytes that were removed, or that are stored or refused and have expired. */
export const forgetSessions = deleteOverSessions;

/** Keeps the upload's answer after the upload has waited for its extensions. */
export const keepSessionAnswer = updateSessionAnswer;

/** Tells clients that ask for the outcome of the session's token that nothing was stored, unless something was. */
async function settled(connection: Connection, row: EndedSessionRow | undefined): Promise<EndedSession | undefined> {
  if (row === undefined) return undefined;
  const token = tokenOf(row);
  if (token !== undefined && row.version_id === null) await abandonUsedToken(connection, token);
  return endedSessionOf(row);
}
