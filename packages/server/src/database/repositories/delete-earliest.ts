import { type RawBuilder, sql } from "kysely";
import type { Connection } from "../database.ts";

/** The ledgers, each with the column that says when a row is old enough to be deleted. */
type Ledger =
  | readonly [table: "used_tokens", column: "expires_at"]
  | readonly [table: "used_v1_tokens", column: "used_at"];

/** The rows that may be deleted: all but tokens of resumable uploads that may still be stored, however old they are. */
const deletable = {
  used_tokens: sql<boolean>`not exists (select 1 from "upload_sessions" where state = 'open'
    and token_expires_at = used_tokens.expires_at and token_digest = used_tokens.digest)`,
  used_v1_tokens: sql<boolean>`true`,
} as const satisfies Record<Ledger[0], RawBuilder<boolean>>;

/**
 * Deletes about `limit` of the rows from before `before`, the earliest first.
 * @returns the number of deleted rows; 0 when none are left
 */
export async function deleteEarliest(
  connection: Connection,
  [table, column]: Ledger,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const [from, at, goes] = [sql.table(table), sql.ref(column), deletable[table]];
  const { numAffectedRows } = await sql`
    delete from ${from} where ${at} <= (select max(earliest.at) from (
      select ${at} as at from ${from} where ${at} < ${before} and ${goes} order by ${at} limit ${limit}) as earliest)
      and ${goes}
  `.execute(connection);
  return Number(numAffectedRows);
}
