import { sql } from "kysely";
import { clockOf } from "../clock.ts";
import type { Connection } from "../database.ts";
import { isFree, type SessionKey, type SessionPage, type UploadSessionRow } from "./upload-sessions.ts";

/** The columns by which an ended session's bytes and token are settled. */
const endedColumns = ["id_digest", "token_expires_at", "token_digest", "version_id", "bytes"] as const;
export type EndedSessionRow = Pick<UploadSessionRow, (typeof endedColumns)[number]>;

/** @returns undefined if the session isn't open any more, or another request holds it */
export async function refuseSessionRow(
  connection: Connection,
  { digest, holder, refusal }: { readonly digest: Uint8Array; readonly holder: string; readonly refusal: string },
): Promise<EndedSessionRow | undefined> {
  return connection
    .updateTable("upload_sessions")
    .set({ state: "refused", refusal })
    .where("id_digest", "=", digest)
    .where("holder", "=", holder)
    .where("state", "=", "open")
    .returning(endedColumns)
    .executeTakeFirst();
}

/**
 * Ends an open session that the holder has, or one that is stored or refused, whoever has it.
 * @returns undefined if there is none
 */
export async function endSessionRow(
  connection: Connection,
  { digest, holder }: { readonly digest: Uint8Array; readonly holder: string | null },
): Promise<EndedSessionRow | undefined> {
  const isHeld = sql<boolean>`(state in ('stored', 'refused') or (state = 'open' and holder = ${holder}))`;
  return connection
    .updateTable("upload_sessions")
    .set({ state: "ending" })
    .where("id_digest", "=", digest)
    .where(isHeld)
    .returning(endedColumns)
    .executeTakeFirst();
}

/** Ends an open session that has expired and that nobody holds. */
export async function endExpiredRow(
  connection: Connection,
  { digest, now }: SessionKey,
): Promise<EndedSessionRow | undefined> {
  const clock = clockOf(connection, now);
  return connection
    .updateTable("upload_sessions")
    .set({ state: "ending" })
    .where("id_digest", "=", digest)
    .where("state", "=", "open")
    .where("expires_at", "<=", clock)
    .where(isFree(clock))
    .returning(endedColumns)
    .executeTakeFirst();
}

/** Ends all sessions of a key pair, also those that somebody holds. The sweep settles their bytes and tokens. */
export async function endSessionsOfKey(
  connection: Connection,
  { accountId, keyId }: { readonly accountId: string; readonly keyId: string },
): Promise<void> {
  await connection
    .updateTable("upload_sessions")
    .set({ state: "ending" })
    .where("account_id", "=", accountId)
    .where("state", "in", ["open", "stored", "refused"])
    .where("key_id", "=", keyId)
    .execute();
}

/** Records that the session holds no bytes any more, and deletes it if it has been ended. */
export async function clearSessionRow(connection: Connection, digest: Uint8Array): Promise<void> {
  const { numDeletedRows } = await connection
    .deleteFrom("upload_sessions")
    .where("id_digest", "=", digest)
    .where("state", "=", "ending")
    .executeTakeFirstOrThrow();
  if (numDeletedRows > 0n) return;
  await connection
    .updateTable("upload_sessions")
    .set({ bytes: null })
    .where("id_digest", "=", digest)
    .where("state", "in", ["stored", "refused"])
    .execute();
}

/** Ends all sessions of an account, as `endSessionsOfKey` does. */
export async function endSessionsOfAccount(connection: Connection, accountId: string): Promise<void> {
  await connection
    .updateTable("upload_sessions")
    .set({ state: "ending" })
    .where("account_id", "=", accountId)
    .where("state", "in", ["open", "stored", "refused"])
    .execute();
}

/** Lists open sessions that have expired and that nobody holds, the earliest first. */
export async function listExpiredSessions(
  connection: Connection,
  { now, limit }: SessionPage,
): Promise<Pick<UploadSessionRow, "id_digest">[]> {
  const clock = clockOf(connection, now);
  return connection
    .selectFrom("upload_sessions")
    .select("id_digest")
    .where("state", "=", "open")
    .where("expires_at", "<=", clock)
    .where(isFree(clock))
    .orderBy("expires_at")
    .limit(limit)
    .execute();
}

/**
 * Lists the next ended sessions that nobody holds and that still have bytes, in the order of their digests. What a
 * stored session has left beside its blob may wait until the session expires.
 */
export async function listSessionsToClear(
  connection: Connection,
  { now, limit, after }: SessionPage & { readonly after: Uint8Array },
): Promise<EndedSessionRow[]> {
  const clock = clockOf(connection, now);
  return connection
    .selectFrom("upload_sessions")
    .select(endedColumns)
    .where("state", "in", ["ending", "refused", "stored"])
    .where(sql<boolean>`(state <> 'stored' or expires_at <= ${clock})`)
    .where("bytes", "is not", null)
    .where(isFree(clock))
    .where("id_digest", ">", after)
    .orderBy("id_digest")
    .limit(limit)
    .execute();
}

/** Deletes sessions without bytes that have ended and of which nobody is told any more. @returns how many there were */
export async function deleteOverSessions(connection: Connection, { now, limit }: SessionPage): Promise<number> {
  const over = connection
    .selectFrom("upload_sessions")
    .select("id_digest")
    .where("state", "in", ["ending", "refused", "stored"])
    .where(sql<boolean>`(state = 'ending' or expires_at <= ${clockOf(connection, now)})`)
    .where("bytes", "is", null)
    .limit(limit);
  const { numDeletedRows } = await connection
    .deleteFrom("upload_sessions")
    .where("id_digest", "in", over)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
