import { sql } from "kysely";
import { clockOf } from "../clock.ts";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import { isFree, type SessionPage, type UploadSessionRow } from "./upload-sessions.ts";

/**
 * Counts a key pair's open sessions that have not expired.
 * @param by.limit no more than these are counted
 */
export async function countSessionsOfKey(
  connection: Connection,
  by: { readonly accountId: string; readonly keyId: string; readonly now: number; readonly limit: number },
): Promise<number> {
  const { rows } = await ofKey(connection, by);
  return rows.length;
}

const ofKey = prepared(
  (
    connection,
    by: { readonly accountId: string; readonly keyId: string; readonly now: number; readonly limit: number },
  ) =>
    connection
      .selectFrom("upload_sessions")
      .select("expires_at")
      .where("account_id", "=", by.accountId)
      .where("state", "=", "open")
      .where("key_id", "=", by.keyId)
      .where("expires_at", ">", clockOf(connection, by.now))
      .limit(by.limit),
);

/** Counts a network's open sessions that have not expired. */
export async function countSessionsOfClient(
  connection: Connection,
  by: { readonly client: string; readonly now: number; readonly limit: number },
): Promise<number> {
  const { rows } = await ofClient(connection, by);
  return rows.length;
}

const ofClient = prepared((connection, by: { readonly client: string; readonly now: number; readonly limit: number }) =>
  connection
    .selectFrom("upload_sessions")
    .select("expires_at")
    .where("client", "=", by.client)
    .where(sql.ref("state"), "=", sql.lit("open"))
    .where("expires_at", ">", clockOf(connection, by.now))
    .limit(by.limit),
);

export type CompleteSession = Pick<UploadSessionRow, "id_digest" | "expires_at">;

/**
 * Lists open sessions of which all bytes have come and which nobody holds.
 * @param page.after the last session of the page before
 * @returns the next ones, the earliest to expire first
 */
export async function listCompleteSessions(
  connection: Connection,
  { now, limit, after }: SessionPage & { readonly after?: CompleteSession | undefined },
): Promise<CompleteSession[]> {
  const clock = clockOf(connection, now);
  return connection
    .selectFrom("upload_sessions")
    .select(["id_digest", "expires_at"])
    .where("state", "=", "open")
    .where("expires_at", ">", clock)
    .whereRef("received", "=", "length")
    .where(isFree(clock))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(expires_at, id_digest) > (${after?.expires_at}, ${after?.id_digest})`),
    )
    .orderBy("expires_at")
    .orderBy("id_digest")
    .limit(limit)
    .execute();
}

/** Returns those of the keys that sessions have given to bytes which they still have. */
export async function findKeysOfSessions(connection: Connection, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await connection
    .selectFrom("upload_sessions")
    .select("blob_key")
    .where("blob_key", "in", keys)
    .where("bytes", "is not", null)
    .execute();
  return new Set(rows.map(({ blob_key: key }) => key));
}

/** Lists the keys of all bytes that sessions still have, apart from stored ones. */
export async function listKeysOfSessions(connection: Connection): Promise<Set<string>> {
  const rows = await connection
    .selectFrom("upload_sessions")
    .select("blob_key")
    .where("state", "in", ["open", "ending", "refused"])
    .where("bytes", "is not", null)
    .execute();
  return new Set(rows.map(({ blob_key: key }) => key));
}

export type OpenSessionRow = Pick<UploadSessionRow, "id_digest" | "account_id" | "blob_key" | "bytes">;

/** Returns the next open sessions that have received bytes. */
export async function pageOfOpenSessions(
  connection: Connection,
  after: Uint8Array,
  limit: number,
): Promise<OpenSessionRow[]> {
  return connection
    .selectFrom("upload_sessions")
    .select(["id_digest", "account_id", "blob_key", "bytes"])
    .where("state", "=", "open")
    .where("received", ">", 0)
    .where("id_digest", ">", after)
    .orderBy("id_digest")
    .limit(limit)
    .execute();
}

/** Whether the session is still open and its bytes are where they were. */
export async function isUnchangedSession(connection: Connection, row: OpenSessionRow): Promise<boolean> {
  const found = await connection
    .selectFrom("upload_sessions")
    .select("id_digest")
    .where("id_digest", "=", row.id_digest)
    .where("state", "=", "open")
    .where("bytes", "=", row.bytes)
    .executeTakeFirst();
  return found !== undefined;
}

export interface OpenSessions {
  readonly open: number;
  /** Those of which all bytes have come, and which are still to be stored. */
  readonly complete: number;
  /** The bytes that they have received. */
  readonly bytes: number;
}

export async function countOpenSessions(connection: Connection): Promise<OpenSessions> {
  const row = await connection
    .selectFrom("upload_sessions")
    .select(({ fn }) => [
      fn.countAll<number>().as("open"),
      fn.sum<number | string | null>("received").as("bytes"),
      fn.sum<number | string | null>(sql`case when received = length then 1 else 0 end`).as("complete"),
    ])
    .where("state", "=", "open")
    .executeTakeFirstOrThrow();
  return { open: Number(row.open), complete: Number(row.complete ?? 0), bytes: Number(row.bytes ?? 0) };
}
