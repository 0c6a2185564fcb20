import type { Principal } from "../../accounts/authenticate.ts";
import { effectiveLimit, type StorageUse, storageExceeded, storageLimitOf } from "../../accounts/storage-limit.ts";
import type { Config } from "../../config/config.ts";
import { type Connection, Rollback } from "../../database/database.ts";
import { storedBytes } from "../../database/repositories/account-storage.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";
import { receivedBytes } from "../../database/repositories/upload-sessions.ts";

interface StorageToAssert {
  /** Bytes that are to be stored. */
  readonly size: number;
  /** The server's limit, for an account without a limit of its own. */
  readonly standard: number;
  /** The time by the process's clock. */
  readonly now: number;
  /** The digest of the resumable upload that is stored, whose bytes don't count twice. */
  readonly session?: Uint8Array | undefined;
  /** The id of the queued upload that is stored, which doesn't count twice either. */
  readonly queued?: string | undefined;
}

/**
 * Checks the storage limit of an account. It locks the account's row, which is the first of all locks. So transactions
 * that store something in a limited account run one at a time, and each sees what those before it have stored. Beyond
 * the limit, the transaction is rolled back with the outcome "storage limit". The bytes that resumable uploads have
 * received so far count as stored, and so do those of queued uploads.
 */
export async function assertStorage(
  connection: Connection,
  accountId: string,
  { size, standard, now, session, queued }: StorageToAssert,
): Promise<void> {
  const account = await lockAccount(connection, { id: accountId });
  const limit = effectiveLimit(account?.storage_limit ?? null, standard);
  if (limit === undefined) return;
  const received = await receivedBytes(connection, { accountId, now, except: session, exceptQueued: queued });
  const stored = (await storedBytes(connection, accountId)) + received;
  if (stored + size > limit) throw new Rollback({ outcome: "storage limit", limit, stored });
}

export interface RoomDeps {
  readonly config: Pick<Config, "limits">;
  readonly database: { readonly reader: Connection };
}

/**
 * Checks the storage limit before anything is stored. The transaction checks it again.
 * @throws SluiceError STORAGE_LIMIT_EXCEEDED
 */
export async function assertRoom(deps: RoomDeps, principal: Principal, size: number): Promise<void> {
  const use = await storageUse(deps, principal);
  if (use !== undefined && use.stored + size > use.limit) throw storageExceeded(use);
}

/** @returns undefined for an account without a limit; the database is not asked then */
export async function storageUse(
  { config, database }: RoomDeps,
  principal: Principal,
): Promise<StorageUse | undefined> {
  const limit = storageLimitOf(principal, config);
  return limit === undefined ? undefined : { limit, stored: await storedBytes(database.reader, principal.accountId) };
}
