import type { Insertable, Selectable } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { UsedTokensTable } from "../schema.ts";

/** The key of a token in the ledger. */
export type TokenKey = Pick<Selectable<UsedTokensTable>, "expires_at" | "digest">;
/** The members of a token's row that describe its upload. */
export type UsedToken = Pick<Selectable<UsedTokensTable>, "outcome" | "version_id" | "attempt" | "answer">;
/** A token with its upload's version and the part of its answer that is kept. */
export type UploadOfToken = TokenKey & { readonly version_id: string; readonly answer: string };
type NewToken = Omit<Insertable<UsedTokensTable>, "outcome" | "version_id" | "answer"> & {
  readonly outcome: "open" | "abandoned";
};

/**
 * This one statement makes a token single-use (docs/architecture.md decision 3).
 * @returns false when the token had been used before
 */
export async function insertUsedToken(connection: Connection, row: NewToken): Promise<boolean> {
  const { changed } = await insertUnlessThere(connection, row);
  return changed === 1;
}

const insertUnlessThere = prepared((connection, row: NewToken) =>
  connection
    .insertInto("used_tokens")
    .values({
      expires_at: row.expires_at,
      digest: row.digest,
      account_id: row.account_id,
      used_at: row.used_at,
      outcome: row.outcome,
      attempt: row.attempt,
    })
    .onConflict((conflict) => conflict.columns(["expires_at", "digest"]).doNothing()),
);

export async function findUsedToken(
  connection: Connection,
  { expires_at, digest }: TokenKey,
): Promise<UsedToken | undefined> {
  return connection
    .selectFrom("used_tokens")
    .select(["outcome", "version_id", "attempt", "answer"])
    .where("expires_at", "=", expires_at)
    .where("digest", "=", digest)
    .executeTakeFirst();
}

/** @returns false when the token's upload has been abandoned meanwhile */
export async function linkUsedToken(connection: Connection, link: UploadOfToken): Promise<boolean> {
  const { changed } = await linkUnlessSettled(connection, link);
  return changed === 1;
}

const linkUnlessSettled = prepared((connection, link: UploadOfToken) =>
  connection
    .updateTable("used_tokens")
    .set({ outcome: "stored", version_id: link.version_id, answer: link.answer })
    .where("expires_at", "=", link.expires_at)
    .where("digest", "=", link.digest)
    .where("outcome", "=", "open"),
);

/** @returns false when the token's upload has been abandoned meanwhile */
export async function queueUsedToken(connection: Connection, key: TokenKey): Promise<boolean> {
  return settleFrom(connection, key, "open", { outcome: "queued" });
}

/** Records the end of a queued upload. The row is gone where the upload has waited for longer than the ledger keeps it. */
export async function endQueuedToken(
  connection: Connection,
  key: TokenKey,
  end: { readonly outcome: "abandoned" } | { readonly outcome: "stored"; version_id: string; answer: string },
): Promise<void> {
  await settleFrom(connection, key, "queued", end);
}

async function settleFrom(
  connection: Connection,
  { expires_at, digest }: TokenKey,
  from: "open" | "queued",
  end: Partial<Pick<UsedToken, "outcome" | "version_id" | "answer">>,
): Promise<boolean> {
  const { numUpdatedRows } = await connection
    .updateTable("used_tokens")
    .set(end)
    .where("expires_at", "=", expires_at)
    .where("digest", "=", digest)
    .where("outcome", "=", from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Replaces the answer of a stored upload that was answered otherwise than its transaction could know. */
export async function updateUsedTokenAnswer(
  connection: Connection,
  { expires_at, digest, answer }: TokenKey & { readonly answer: string },
): Promise<void> {
  await connection
    .updateTable("used_tokens")
    .set({ answer })
    .where("expires_at", "=", expires_at)
    .where("digest", "=", digest)
    .where("outcome", "=", "stored")
    .execute();
}

/** After this, no upload with this token can be committed, unless one has been committed already. */
export async function abandonUsedToken(connection: Connection, { expires_at, digest }: TokenKey): Promise<void> {
  await connection
    .updateTable("used_tokens")
    .set({ outcome: "abandoned" })
    .where("expires_at", "=", expires_at)
    .where("digest", "=", digest)
    .where("outcome", "=", "open")
    .execute();
}

/** @returns the latest expiry of any token that was ever admitted, in Unix seconds; undefined when none was */
export async function latestExpiry(connection: Connection): Promise<number | undefined> {
  const row = await connection
    .selectFrom("used_tokens")
    .select("expires_at")
    .orderBy("expires_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.expires_at;
}
