import { effectiveLimit } from "../../accounts/storage-limit.ts";
import { type Connection, Rollback } from "../../database/database.ts";
import { storedBytes } from "../../database/repositories/account-storage.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";

/**
 * One at a time of those who store something in a limited account: each sees what those before it have stored. Rolls back
 * with the outcome "storage limit", or locks the account's row, which is the first of all locks.
 * @param standard the server's limit, for an account without one of its own
 */
export async function assertStorage(
  connection: Connection,
  accountId: string,
  size: number,
  standard: number,
): Promise<void> {
  const account = await lockAccount(connection, { id: accountId });
  const limit = effectiveLimit(account?.storage_limit ?? null, standard);
  if (limit === undefined) return;
  const stored = await storedBytes(connection, accountId);
  if (stored + size > limit) throw new Rollback({ outcome: "storage limit", limit, stored });
}
