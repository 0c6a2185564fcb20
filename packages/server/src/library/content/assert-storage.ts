import { effectiveLimit } from "../../accounts/storage-limit.ts";
import { type Connection, Rollback } from "../../database/database.ts";
import { storedBytes } from "../../database/repositories/account-storage.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";

/**
 * Checks the storage limit of an account. It locks the account's row, which is the first of all locks. So transactions
 * that store something in a limited account run one at a time, and each sees what those before it have stored. Beyond
 * the limit, the transaction is rolled back with the outcome "storage limit".
 * @param standard the server's limit, for an account without a limit of its own
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
