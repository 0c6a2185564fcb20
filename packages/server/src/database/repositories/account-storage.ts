import type { Connection } from "../database.ts";
import { locking } from "../locks.ts";
import { prepared } from "../prepared.ts";

/** Returns the bytes of all the account's versions. Equal content counts each time. */
export async function storedBytes(connection: Connection, accountId: string): Promise<number> {
  const { rows } = await sumOfParts(connection, { accountId });
  return Number(rows[0]?.bytes ?? 0);
}

const sumOfParts = prepared((connection, by: { readonly accountId: string }) =>
  connection
    .selectFrom("account_storage")
    .select(({ fn }) => fn.sum<number | string | null>("bytes").as("bytes"))
    .where("account_id", "=", by.accountId),
);

/** Locks all rows that count the account's files. */
export function lockAllStorageParts(connection: Connection, accountId: string): Promise<void> {
  return lockStorageParts(connection, accountId, [..."0123456789abcdef"]);
}

/**
 * Locks the rows that count these files, in the order of their parts. A script that adds or deletes versions of several
 * files calls this first: the triggers would lock the rows in the order of the versions, and two such scripts could wait
 * for each other.
 */
export async function lockStorageParts(
  connection: Connection,
  accountId: string,
  fileIds: readonly string[],
): Promise<void> {
  if (fileIds.length === 0 || !connection.engine.rowLocks) return;
  const parts = [...new Set(fileIds.map((id) => id.slice(-1)))].sort();
  // A part that has counted nothing yet has no row. Without one, the trigger of a first version would insert it.
  await connection
    .insertInto("account_storage")
    .values(parts.map((part) => ({ account_id: accountId, part, bytes: 0 })))
    .onConflict((conflict) => conflict.columns(["account_id", "part"]).doNothing())
    .execute();
  const rows = connection.selectFrom("account_storage").select("part").where("account_id", "=", accountId);
  await locking(connection, rows.where("part", "in", parts).orderBy("part")).execute();
}
