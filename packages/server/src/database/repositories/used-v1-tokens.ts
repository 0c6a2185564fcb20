import type { Insertable } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { UsedV1TokensTable } from "../schema.ts";

/** @returns false when the account had seen the token before, with this expiry or another */
export async function insertUsedV1Token(connection: Connection, row: Insertable<UsedV1TokensTable>): Promise<boolean> {
  const { changed } = await insertUnlessThere(connection, row);
  return changed === 1;
}

const insertUnlessThere = prepared((connection, row: Insertable<UsedV1TokensTable>) =>
  connection
    .insertInto("used_v1_tokens")
    .values({ account_id: row.account_id, digest: row.digest, used_at: row.used_at })
    .onConflict((conflict) => conflict.columns(["account_id", "digest"]).doNothing()),
);

/** @returns when a token was last used */
export async function latestV1Use(connection: Connection): Promise<number | undefined> {
  const row = await connection
    .selectFrom("used_v1_tokens")
    .select("used_at")
    .orderBy("used_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.used_at;
}
