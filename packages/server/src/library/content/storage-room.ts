import type { Principal } from "../../accounts/authenticate.ts";
import { type StorageUse, storageExceeded, storageLimitOf } from "../../accounts/storage-limit.ts";
import type { Config } from "../../config/config.ts";
import type { Connection } from "../../database/database.ts";
import { storedBytes } from "../../database/repositories/account-storage.ts";

export interface RoomNeeds {
  readonly config: Pick<Config, "limits">;
  readonly database: { readonly reader: Connection };
}

/**
 * Checks the storage limit before anything is stored. The transaction checks it again.
 * @throws SluiceError STORAGE_LIMIT_EXCEEDED
 */
export async function assertRoom(needs: RoomNeeds, principal: Principal, size: number): Promise<void> {
  const use = await storageUse(needs, principal);
  if (use !== undefined && use.stored + size > use.limit) throw storageExceeded(use);
}

/** @returns undefined for an account without a limit; the database is not asked then */
export async function storageUse(
  { config, database }: RoomNeeds,
  principal: Principal,
): Promise<StorageUse | undefined> {
  const limit = storageLimitOf(principal, config);
  return limit === undefined ? undefined : { limit, stored: await storedBytes(database.reader, principal.accountId) };
}
