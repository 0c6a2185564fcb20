import { type Connection, Rollback } from "../../../database/database.ts";
import { holdActiveAccount } from "../../../database/repositories/accounts.ts";
import {
  clearSessionRow,
  deleteOverSessions,
  type EndedSessionRow,
  endExpiredRow,
  endSessionRow,
  refuseSessionRow,
} from "../../../database/repositories/ended-sessions.ts";
import { holdKeyPair } from "../../../database/repositories/key-pairs.ts";
import { countSessionsOfClient, countSessionsOfKey } from "../../../database/repositories/open-sessions.ts";
import { insertSession, type SessionKey, updateSessionAnswer } from "../../../database/repositories/upload-sessions.ts";
import { abandonUsedToken } from "../../../database/repositories/used-tokens.ts";
import { type BurnTokenInput, burnToken } from "../../ledger/token-transactions.ts";
import {
  type EndedSession,
  endedSessionOf,
  type Refusal,
  type SessionBytes,
  sessionOf,
  tokenOf,
  type UploadSession,
} from "./session.ts";

/** A session that is to be created. */
export type NewSession = Omit<
  UploadSession,
  "answer" | "bytes" | "expiresAt" | "offset" | "refusal" | "state" | "takeovers" | "token" | "versionId"
> & {
  readonly bytes: SessionBytes;
  readonly lifetimeMs: number;
};

export interface CreateSessionInput {
  readonly session: NewSession;
  /** The token to burn. Absent if the private key was sent. */
  readonly burn?: Omit<BurnTokenInput, "accountId" | "now">;
  /** The lease with which the session begins, for a request that goes on with its first bytes. */
  readonly lease?: { readonly holder: string; readonly leaseMs: number };
  /** The highest numbers of open sessions that have not expired, of the key pair and of the client's network. */
  readonly perKey: number;
  readonly perAddress: number;
  readonly now: number;
}

/** The reason why no session was created. */
export type CreateSessionRefusal =
  | "token used"
  | "too many of key"
  | "too many of address"
  | "account disabled"
  | "key revoked";

/**
 * Burns the token and creates the session, or does neither. Nothing that is revoked meanwhile gets a session. Requests
 * that create sessions at the same moment don't see each other, so on PostgreSQL there may be a few sessions more than
 * the two bounds say.
 * @returns the session as it is now: a second look at it might fail, and it would be lost to its client
 */
export async function createSession(
  connection: Connection,
  { session, burn, lease, perKey, perAddress, now }: CreateSessionInput,
): Promise<UploadSession | CreateSessionRefusal> {
  const { accountId, keyId, client } = session;
  if (!(await holdKeyPair(connection, accountId, keyId))) {
    return (await holdActiveAccount(connection, accountId)) ? "key revoked" : "account disabled";
  }
  if (burn !== undefined && !(await burnToken(connection, { ...burn, accountId, now }))) return "token used";
  if ((await countSessionsOfKey(connection, { accountId, keyId, now, limit: perKey })) >= perKey) {
    throw new Rollback("too many of key" satisfies CreateSessionRefusal);
  }
  if ((await countSessionsOfClient(connection, { client, now, limit: perAddress })) >= perAddress) {
    throw new Rollback("too many of address" satisfies CreateSessionRefusal);
  }
  const row = await insertSession(connection, {
    id_digest: session.digest,
    account_id: accountId,
    key_id: keyId,
    token_expires_at: burn?.expiresAt ?? null,
    token_digest: burn?.digest ?? null,
    request_id: session.requestId,
    public_url: session.publicUrl,
    client,
    arrived_at: session.arrivedAt,
    length: session.length,
    blob_key: session.bytes.key,
    bytes: JSON.stringify(session.bytes),
    fields: JSON.stringify(session.fields),
    metadata: session.metadata,
    lifetimeMs: session.lifetimeMs,
    holder: lease?.holder ?? null,
    leaseMs: lease?.leaseMs ?? 0,
    now,
  });
  return sessionOf(row);
}

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
