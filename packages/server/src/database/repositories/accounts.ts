import type { Insertable, Selectable, Updateable } from "kysely";
import type { Connection } from "../database.ts";
import { holdingAccount, locking, lockingWhole } from "../locks.ts";
import { prepared } from "../prepared.ts";
import type { AccountsTable } from "../schema.ts";

export type AccountRow = Selectable<AccountsTable>;

type AccountKey = { readonly id: string } | { readonly imagekit_id: string };

export async function findAccount(connection: Connection, by: AccountKey): Promise<AccountRow | undefined> {
  return selectAccount(connection, by).executeTakeFirst();
}

export async function listAccounts(connection: Connection): Promise<AccountRow[]> {
  return connection.selectFrom("accounts").selectAll().orderBy("created_at").orderBy("id").execute();
}

export async function hasAccounts(connection: Connection): Promise<boolean> {
  const found = await connection.selectFrom("accounts").select("id").limit(1).execute();
  return found.length > 0;
}

export async function listAccountIds(connection: Connection): Promise<string[]> {
  const rows = await connection.selectFrom("accounts").select("id").execute();
  return rows.map(({ id }) => id);
}

/**
 * Whether the account exists and is active. If it is, no erasure of the account gets past `lockWholeAccount` until the
 * transaction ends.
 */
export async function holdActiveAccount(connection: Connection, accountId: string): Promise<boolean> {
  const { rows } = await activeAccount(connection, { accountId });
  return rows.length > 0;
}

const activeAccount = prepared((connection, by: { readonly accountId: string }) =>
  holdingAccount(
    connection,
    connection.selectFrom("accounts").select("id").where("id", "=", by.accountId).where("status", "=", "active"),
  ),
);

/** The account's delivery switches as they are stored (`readSwitches`). */
export async function findDeliverySwitches(connection: Connection, accountId: string): Promise<string | null> {
  const { rows } = await switchesOfAccount(connection, { accountId });
  return rows[0]?.delivery_switches ?? null;
}

const switchesOfAccount = prepared((connection, by: { readonly accountId: string }) =>
  connection.selectFrom("accounts").select("delivery_switches").where("id", "=", by.accountId),
);

/**
 * Locks the account for its erasure. It waits for every transaction that holds the account or has added rows that refer
 * to it.
 */
export async function lockWholeAccount(connection: Connection, accountId: string): Promise<AccountRow | undefined> {
  return lockingWhole(connection, selectAccount(connection, { id: accountId })).executeTakeFirst();
}

export async function deleteAccount(connection: Connection, accountId: string): Promise<void> {
  await connection.deleteFrom("accounts").where("id", "=", accountId).execute();
}

/**
 * Locks the account: until the transaction ends, no other transaction changes its key pairs or custom metadata fields.
 */
export async function lockAccount(connection: Connection, by: AccountKey): Promise<AccountRow | undefined> {
  return locking(connection, selectAccount(connection, by)).executeTakeFirst();
}

function selectAccount(connection: Connection, by: AccountKey) {
  const query = connection.selectFrom("accounts").selectAll();
  return "id" in by ? query.where("id", "=", by.id) : query.where("imagekit_id", "=", by.imagekit_id);
}

/** @returns false when an account with that imagekitId exists already */
export async function insertAccount(connection: Connection, row: Insertable<AccountsTable>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await connection
    .insertInto("accounts")
    .values(row)
    .onConflict((conflict) => conflict.column("imagekit_id").doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function updateAccount(
  connection: Connection,
  accountId: string,
  change: Updateable<AccountsTable>,
): Promise<void> {
  await connection.updateTable("accounts").set(change).where("id", "=", accountId).execute();
}

/**
 * Returns the account's revision. Custom metadata fields and named transformations that were read after it stay valid
 * while the revision is unchanged. Undefined for an account that doesn't exist.
 */
export async function findAccountRevision(connection: Connection, accountId: string): Promise<number | undefined> {
  const { rows } = await revisionOf(connection, { accountId });
  return rows[0]?.revision;
}

const revisionOf = prepared((connection, by: { readonly accountId: string }) =>
  connection.selectFrom("accounts").select("revision").where("id", "=", by.accountId),
);
