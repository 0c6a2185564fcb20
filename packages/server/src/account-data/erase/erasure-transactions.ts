import { type AccountTableName, accountTableNames } from "../../database/account-tables.ts";
import type { Connection } from "../../database/database.ts";
import { type AccountRowValues, deleteAccountRows, hasAccountRows } from "../../database/repositories/account-rows.ts";
import { lockAllStorageParts } from "../../database/repositories/account-storage.ts";
import { deleteAccount, lockAccount, lockWholeAccount, updateAccount } from "../../database/repositories/accounts.ts";
import { endSessionsOfAccount } from "../../database/repositories/ended-sessions.ts";
import { deleteFiles, lockFiles } from "../../database/repositories/files.ts";
import { deleteKeyPairs } from "../../database/repositories/key-pairs.ts";
import { disableWebhooks } from "../../database/repositories/webhooks.ts";

/*
 * The scripts that erase an account. Each locks the account first. All but the first may run again at any time, so that
 * an erasure that broke off continues where it was.
 */

/**
 * Closes the account. From here on no request is let in: the account is disabled, its key pairs are deleted, and its
 * endpoints are told of nothing.
 * @returns the account's id; undefined where there is no such account
 */
export async function closeAccount(
  connection: Connection,
  { imagekitId }: { readonly imagekitId: string },
): Promise<string | undefined> {
  const account = await lockAccount(connection, { imagekit_id: imagekitId });
  if (account === undefined) return undefined;
  await updateAccount(connection, account.id, { status: "disabled", event_routes: null });
  await deleteKeyPairs(connection, account.id);
  await disableWebhooks(connection, account.id);
  await endSessionsOfAccount(connection, account.id);
  return account.id;
}

closeAccount.makesRoom = true;

/** Waits for transactions that have seen the account active. None of them is running when it resolves. */
export async function settleAccount(
  connection: Connection,
  { accountId }: { readonly accountId: string },
): Promise<void> {
  await lockWholeAccount(connection, accountId);
}

settleAccount.makesRoom = true;

/** @returns how many of the rows were deleted */
export async function eraseAccountRows(
  connection: Connection,
  input: {
    readonly accountId: string;
    readonly table: AccountTableName;
    readonly rows: readonly AccountRowValues[];
  },
): Promise<number> {
  await lockAccount(connection, { id: input.accountId });
  // The sweep may be emptying the trash of a closed account meanwhile.
  if (input.table === "trashed_versions") await lockAllStorageParts(connection, input.accountId);
  return deleteAccountRows(connection, input.table, input.accountId, input.rows);
}

eraseAccountRows.makesRoom = true;

/** Erases files with their versions. Nothing refers to the versions' blobs any more. */
export async function eraseAccountFiles(
  connection: Connection,
  { accountId, fileIds }: { readonly accountId: string; readonly fileIds: readonly string[] },
): Promise<{ readonly files: number; readonly versions: number }> {
  await lockAccount(connection, { id: accountId });
  const locked = await lockFiles(connection, accountId, fileIds);
  return deleteFiles(
    connection,
    locked.map(({ id }) => id),
  );
}

eraseAccountFiles.makesRoom = true;

/**
 * Removes the account's own row as the last step.
 * @returns whether the account is gone; false where rows of it have been added meanwhile
 */
export async function removeAccount(
  connection: Connection,
  { accountId }: { readonly accountId: string },
): Promise<boolean> {
  if ((await lockWholeAccount(connection, accountId)) === undefined) return true;
  for (const table of accountTableNames) {
    // Without its file or folder nothing has a row in the search index, and without its file, in the trash or not, there is
    // no version. Events, webhook attempts and used tokens have no index that finds an
    // account's rows, and no foreign key to the account, so their rows don't prevent its deletion.
    if (isChecked(table) && (await hasAccountRows(connection, table, accountId))) return false;
  }
  await deleteAccount(connection, accountId);
  return true;
}

removeAccount.makesRoom = true;

function isChecked(table: AccountTableName): boolean {
  return !unchecked.has(table);
}

const unchecked: ReadonlySet<AccountTableName> = new Set([
  "accounts",
  "versions",
  "trashed_versions",
  "catalogue",
  "events",
  "webhook_attempts",
  "webhook_exchanges",
  "used_tokens",
]);
