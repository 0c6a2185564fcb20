import { sql } from "kysely";
import type { Connection } from "../../database/database.ts";
import { bossSchema } from "./boss-schema.ts";

const table = sql.raw(`${bossSchema}.job`);

/**
 * Deletes jobs whose input names the account, or a row of the account in one of these tables. Waiting, running and
 * ended jobs and dead letters are deleted.
 * @returns how many were deleted, `limit` at most; none where no server has made the queue yet
 */
export async function deleteBossJobs(
  connection: Connection,
  owners: readonly { readonly member: string; readonly table: string }[],
  accountId: string,
  limit: number,
): Promise<number> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass(${`${bossSchema}.job`}) is not null as there
  `.execute(connection);
  if (rows[0]?.there !== true) return 0;
  const named = owners.map(({ member, table: of }) => {
    const owner = sql.ref(of === "accounts" ? "id" : "account_id");
    return sql`data->>${sql.lit(member)} in (select id from ${sql.table(of)} where ${owner} = ${accountId})`;
  });
  const { numAffectedRows } = await sql`
    delete from ${table} where (name, id) in (
      select name, id from ${table} where ${sql.join(named, sql` or `)} limit ${limit}
    )
  `.execute(connection);
  return Number(numAffectedRows ?? 0n);
}
