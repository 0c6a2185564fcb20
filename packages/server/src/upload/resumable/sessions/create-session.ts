import { type Connection, Rollback } from "../../../database/database.ts";
import { holdActiveAccount } from "../../../database/repositories/accounts.ts";
import { holdKeyPair } from "../../../database/repositories/key-pairs.ts";
import { countSessionsOfClient, countSessionsOfKey } from "../../../database/repositories/open-sessions.ts";
import { insertSession } from "../../../database/repositories/upload-sessions.ts";
import { type BurnTokenInput, burnToken } from "../../ledger/token-transactions.ts";
import { type SessionBytes, sessionOf, type UploadSession } from "./session.ts";

/** A session that is to be created. */
export type NewSession = Pick<
  UploadSession,
  | "digest"
  | "accountId"
  | "keyId"
  | "requestId"
  | "publicUrl"
  | "client"
  | "arrivedAt"
  | "length"
  | "fields"
  | "metadata"
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
