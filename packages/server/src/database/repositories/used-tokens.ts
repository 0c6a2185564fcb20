import type { Insertable } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { UsedTokensTable } from "../schema.ts";

/** Single use is this one statement (design decision 3). @returns false when the token had been used before */
export async function insertUsedToken(connection: Connection, row: Insertable<UsedTokensTable>): Promise<boolean> {
  const { changed } = await insertUnlessThere(connection, row);
  return changed === 1;
}

const insertUnlessThere = prepared((connection, row: Insertable<UsedTokensTable>) =>
  connection
    .insertInto("used_tokens")
    .values({ expires_at: row.expires_at, digest: row.digest, account_id: row.account_id, used_at: row.used_at })
    .onConflict((conflict) => conflict.columns(["expires_at", "digest"]).doNothing()),
);

/**
 * Deletes the entries of the tokens that ended before `before`, Unix seconds: the earliest, about `limit` of them.
 * @returns how many went; 0 when there is none left
 */
export async function deleteUsedTokens(connection: Connection, before: number, limit: number): Promise<number> {
  const { numDeletedRows } = await connection
    .deleteFrom("used_tokens")
    .where("expires_at", "<=", ({ selectFrom }) =>
      selectFrom(
        selectFrom("used_tokens")
          .select("expires_at")
          .where("expires_at", "<", before)
          .orderBy("expires_at")
          .limit(limit)
          .as("earliest"),
      ).select(({ fn }) => fn.max("earliest.expires_at").as("last")),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** @returns the latest end of a token that was ever let in, Unix seconds; undefined when none was */
export async function latestExpiry(connection: Connection): Promise<number | undefined> {
  const row = await connection
    .selectFrom("used_tokens")
    .select("expires_at")
    .orderBy("expires_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.expires_at;
}

export async function hasUsedToken(connection: Connection, digest: Uint8Array): Promise<boolean> {
  const row = await connection
    .selectFrom("used_tokens")
    .select("digest")
    .where("digest", "=", digest)
    .executeTakeFirst();
  return row !== undefined;
}
