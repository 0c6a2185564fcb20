import { type Insertable, type RawBuilder, type Selectable, sql } from "kysely";
import { clockOf } from "../clock.ts";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { UploadSessionsTable } from "../schema.ts";
import type { TokenKey } from "./used-tokens.ts";

export type UploadSessionRow = Selectable<UploadSessionsTable>;

/** Names a session to whoever doesn't hold it. */
export interface SessionKey {
  /** SHA-256 of the session's id. */
  readonly digest: Uint8Array;
  /** The time by the process's clock. It counts where the database has no clock of its own. */
  readonly now: number;
}

/** A session with the request that has its lease. */
export interface SessionHold {
  /** SHA-256 of the session's id. */
  readonly digest: Uint8Array;
  readonly holder: string;
}

/** Names a session and the request that has its lease. */
export interface HeldSession extends SessionKey, SessionHold {}

/** A bounded list of sessions, by the database's clock. */
export interface SessionPage {
  readonly now: number;
  readonly limit: number;
}

/** Whether nobody has the session's lease. */
export function isFree(clock: RawBuilder<number>): RawBuilder<boolean> {
  return sql<boolean>`(holder is null or lease_until <= ${clock})`;
}

/** Whether an open session may still store something. */
function isLiving(clock: RawBuilder<number>): RawBuilder<boolean> {
  return sql<boolean>`(expires_at > ${clock} or (holder is not null and lease_until > ${clock}))`;
}

/** Columns that a new session doesn't choose. */
type Unchosen = "created_at" | "expires_at" | "received" | "holder" | "lease_until" | "wanted" | "takeovers" | "state";

export type NewUploadSession = Omit<
  Insertable<UploadSessionsTable>,
  Unchosen | "version_id" | "answer" | "refusal" | "bytes"
> & {
  readonly bytes: string;
  readonly lifetimeMs: number;
  /** The request that has the lease from the beginning, or null. */
  readonly holder: string | null;
  readonly leaseMs: number;
  readonly now: number;
};

export async function insertSession(connection: Connection, row: NewUploadSession): Promise<UploadSessionRow> {
  const { rows } = await insert(connection, row);
  return rows[0] as UploadSessionRow;
}

const insert = prepared((connection, row: NewUploadSession) => {
  const clock = clockOf(connection, row.now);
  return connection
    .insertInto("upload_sessions")
    .returningAll()
    .values({
      id_digest: row.id_digest,
      account_id: row.account_id,
      key_id: row.key_id,
      token_expires_at: row.token_expires_at,
      token_digest: row.token_digest,
      request_id: row.request_id,
      public_url: row.public_url,
      client: row.client,
      arrived_at: row.arrived_at,
      created_at: clock,
      expires_at: sql`${clock} + ${row.lifetimeMs}`,
      length: row.length,
      received: 0,
      blob_key: row.blob_key,
      bytes: row.bytes,
      fields: row.fields,
      metadata: row.metadata,
      holder: row.holder,
      lease_until: sql`${clock} + ${row.leaseMs}`,
      wanted: 0,
      takeovers: 0,
      state: "open",
    });
});

/** A session's row, and how it stands by the database's clock. */
export type SessionSeen = UploadSessionRow & { readonly is_expired: 0 | 1; readonly is_held: 0 | 1 };

export async function findSession(connection: Connection, by: SessionKey): Promise<SessionSeen | undefined> {
  const { rows } = await byDigest(connection, by);
  return rows[0];
}

const byDigest = prepared((connection, by: SessionKey) => {
  const clock = clockOf(connection, by.now);
  return connection
    .selectFrom("upload_sessions")
    .selectAll()
    .select([
      sql<0 | 1>`case when expires_at <= ${clock} then 1 else 0 end`.as("is_expired"),
      sql<0 | 1>`case when holder is not null and lease_until > ${clock} then 1 else 0 end`.as("is_held"),
    ])
    .where("id_digest", "=", by.digest);
});

/** Whether the token's session may still store something. Asked in a transaction that would abandon the token. */
export async function hasLivingSession(
  connection: Connection,
  by: TokenKey & { readonly now: number },
): Promise<boolean> {
  const { rows } = await livingByToken(connection, by);
  return rows.length > 0;
}

const livingByToken = prepared((connection, by: TokenKey & { readonly now: number }) => {
  const clock = clockOf(connection, by.now);
  return connection
    .selectFrom("upload_sessions")
    .select("id_digest")
    .where("token_expires_at", "=", by.expires_at)
    .where("token_digest", "=", by.digest)
    .where("state", "=", "open")
    .where(isLiving(clock));
});

export interface ReceivedBy {
  readonly accountId: string;
  /** The time by the process's clock. */
  readonly now: number;
  /** The digest of a session that isn't counted. */
  readonly except?: Uint8Array | undefined;
  /** The id of a queued upload that isn't counted. */
  readonly exceptQueued?: string | undefined;
}

/**
 * Returns the bytes that the account's open sessions have received, and those of its queued uploads. They count against
 * its storage limit, unless the session has expired and nobody holds it, so that it can store nothing any more.
 */
export async function receivedBytes(
  connection: Connection,
  { accountId, now, except = new Uint8Array(), exceptQueued = "" }: ReceivedBy,
): Promise<number> {
  const { rows } = await sumOfReceived(connection, { accountId, now, except, exceptQueued });
  return Number(rows[0]?.bytes ?? 0) + Number(rows[0]?.queued ?? 0);
}

type ReceivedByAll = Required<ReceivedBy> & { readonly except: Uint8Array; readonly exceptQueued: string };

const sumOfReceived = prepared((connection, by: ReceivedByAll) =>
  connection
    .selectFrom("upload_sessions")
    .select(({ fn, selectFrom }) => [
      fn.sum<number | string | null>("received").as("bytes"),
      selectFrom("queued_uploads")
        .select((queued) => queued.fn.sum<number | string | null>("queued_uploads.size").as("bytes"))
        .where("queued_uploads.account_id", "=", by.accountId)
        .where("queued_uploads.id", "<>", by.exceptQueued)
        .as("queued"),
    ])
    .where("account_id", "=", by.accountId)
    .where("state", "=", "open")
    .where(isLiving(clockOf(connection, by.now)))
    .where("id_digest", "<>", by.except),
);

export interface SessionLink extends SessionHold {
  readonly version_id: string;
  readonly answer: string;
}

/** @returns false if the session isn't open any more, or another request holds it */
export async function linkSession(connection: Connection, link: SessionLink): Promise<boolean> {
  return (await linkIfHeld(connection, link)).changed === 1;
}

const linkIfHeld = prepared((connection, link: SessionLink) =>
  connection
    .updateTable("upload_sessions")
    .set({ state: "stored", version_id: link.version_id, answer: link.answer })
    .where("id_digest", "=", link.digest)
    .where("holder", "=", link.holder)
    .where("state", "=", "open"),
);

/**
 * Ends a session whose upload a job makes. It counts as stored: its answer comes with the version.
 * @returns false if the session isn't open any more, or another request holds it
 */
export async function queueSession(
  connection: Connection,
  { digest, holder, version_id }: Omit<SessionLink, "answer">,
): Promise<boolean> {
  const { numUpdatedRows } = await connection
    .updateTable("upload_sessions")
    .set({ state: "stored", version_id })
    .where("id_digest", "=", digest)
    .where("holder", "=", holder)
    .where("state", "=", "open")
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Refuses a session after all, whose upload was queued. */
export async function refuseQueuedSession(
  connection: Connection,
  { digest, refusal }: { readonly digest: Uint8Array; readonly refusal: string },
): Promise<void> {
  await connection
    .updateTable("upload_sessions")
    .set({ state: "refused", refusal })
    .where("id_digest", "=", digest)
    .where("state", "=", "stored")
    .execute();
}

/** Keeps the answer of a stored upload that was answered otherwise than its transaction could know. */
export async function updateSessionAnswer(
  connection: Connection,
  { digest, answer }: { readonly digest: Uint8Array; readonly answer: string },
): Promise<void> {
  await connection
    .updateTable("upload_sessions")
    .set({ answer })
    .where("id_digest", "=", digest)
    .where("state", "=", "stored")
    .execute();
}
