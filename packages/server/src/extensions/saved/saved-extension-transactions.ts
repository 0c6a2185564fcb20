import type { Connection } from "../../database/database.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";
import { deleteOwned, type OwnedRow, updateOwned } from "../../database/repositories/owned-rows.ts";
import {
  findSavedExtension,
  insertSavedExtension,
  listSavedExtensions,
  type SavedExtensionRow,
} from "../../database/repositories/saved-extensions.ts";
import type { SavedExtension } from "./saved-extension.ts";

/** The largest number of saved extensions of one account (docs/protocol/media-api.md §9). */
export const maxSavedExtensions = 100;

/**
 * Creates a saved extension. The account's row is locked, so that concurrent requests don't create too many.
 * @returns undefined where the account already has the largest number
 */
export async function createSavedExtension(
  connection: Connection,
  { accountId, id, saved, now }: OwnedRow & { readonly saved: SavedExtension; readonly now: number },
): Promise<SavedExtensionRow | undefined> {
  await lockAccount(connection, { id: accountId });
  if ((await listSavedExtensions(connection, accountId)).length >= maxSavedExtensions) return undefined;
  const { name, description, config } = saved;
  const row = { id, account_id: accountId, name, description, config: JSON.stringify(config) };
  const whole: SavedExtensionRow = { ...row, created_at: now, updated_at: now };
  await insertSavedExtension(connection, whole);
  return whole;
}

/** @returns undefined where there is none */
export async function changeSavedExtension(
  connection: Connection,
  { accountId, id, change, now }: OwnedRow & { readonly change: Partial<SavedExtension>; readonly now: number },
): Promise<SavedExtensionRow | undefined> {
  const { config, ...texts } = change;
  const columns = { ...texts, ...(config !== undefined && { config: JSON.stringify(config) }), updated_at: now };
  await updateOwned(connection, "saved_extensions", { accountId, id }, columns);
  return findSavedExtension(connection, accountId, id);
}

/** @returns false where there was none */
export async function removeSavedExtension(connection: Connection, { accountId, id }: OwnedRow): Promise<boolean> {
  return deleteOwned(connection, "saved_extensions", { accountId, id });
}
