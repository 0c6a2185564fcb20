import type { Insertable } from "kysely";
import type { Connection } from "../database.ts";
import type { UsedTokensTable } from "../schema.ts";

/** Single use is this one statement (design decision 3). @returns false when the token had been used before */
export async function insertUsedToken(connection: Connection, row: Insertable<UsedTokensTable>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await connection
    .insertInto("used_tokens")
    .values(row)
    .onConflict((conflict) => conflict.columns(["expires_at", "digest"]).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** @param before Unix seconds @returns how many rows went */
export async function deleteUsedTokens(connection: Connection, before: number): Promise<number> {
  const { numDeletedRows } = await connection
    .deleteFrom("used_tokens")
    .where("expires_at", "<", before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export async function hasUsedToken(connection: Connection, digest: Uint8Array): Promise<boolean> {
  const row = await connection
    .selectFrom("used_tokens")
    .select("digest")
    .where("digest", "=", digest)
    .executeTakeFirst();
  return row !== undefined;
}
