import { sql } from "kysely";
import type { Connection } from "../database.ts";

/** The ledgers, each with the column that says when a row is old enough to be deleted. */
type Ledger =
  | readonly [table: "used_tokens", column: "expires_at"]
  | readonly [table: "used_v1_tokens", column: "used_at"];

/**
 * Deletes about `limit` of the rows from before `before`, the earliest first.
 * @returns the number of deleted rows; 0 when none are left
 */
export async function deleteEarliest(
  connection: Connection,
  [table, column]: Ledger,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const [from, at] = [sql.table(table), sql.ref(column)];
  const { numAffectedRows } = await sql`
    delete from ${from} where ${at} <= (select max(earliest.at) from (
      select ${at} as at from ${from} where ${at} < ${before} order by ${at} limit ${limit}) as earliest)
  `.execute(connection);
  return Number(numAffectedRows);
}
