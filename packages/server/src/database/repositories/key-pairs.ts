import type { Insertable, Selectable } from "kysely";
import type { Connection } from "../database.ts";
import { holdingAccountAndKeyPair, locking, lockingWhole } from "../locks.ts";
import { prepared } from "../prepared.ts";
import type { KeyPairsTable } from "../schema.ts";
import type { AccountRow } from "./accounts.ts";
import { endSessionsOfKey } from "./ended-sessions.ts";

export type KeyPairRow = Selectable<KeyPairsTable>;
export type KeyPairWithAccount = KeyPairRow & {
  readonly account_status: AccountRow["status"];
  readonly account_v1_uploads: AccountRow["v1_uploads"];
  readonly account_storage_limit: AccountRow["storage_limit"];
  readonly custom_metadata_defaults: AccountRow["custom_metadata_defaults"];
  readonly event_routes: AccountRow["event_routes"];
  readonly imagekit_id: string;
  /** The last restore of the library; null if it was never restored. */
  readonly restored_at: number | null;
  /** Whatever admits an upload once must have been issued after this time; null if the library was never restored. */
  readonly issued_after: number | null;
};

export async function findKeyPair(
  connection: Connection,
  by: { readonly public_key: string } | { readonly private_key_hash: Uint8Array } | { readonly id: string },
): Promise<KeyPairWithAccount | undefined> {
  const { rows } = await query(connection, by);
  return rows[0];
}

function query(connection: Connection, by: Parameters<typeof findKeyPair>[1]) {
  if ("public_key" in by) return byPublicKey(connection, by);
  return "id" in by ? byId(connection, by) : byPrivateKeyHash(connection, by);
}

const byId = prepared((connection, by: { readonly id: string }) =>
  selectWithAccount(connection).where("key_pairs.id", "=", by.id),
);

const byPublicKey = prepared((connection, by: { readonly public_key: string }) =>
  selectWithAccount(connection).where("public_key", "=", by.public_key),
);

const byPrivateKeyHash = prepared((connection, by: { readonly private_key_hash: Uint8Array }) =>
  selectWithAccount(connection).where("private_key_hash", "=", by.private_key_hash),
);

/** Key pairs with what their accounts allow. */
export function selectWithAccount(connection: Connection) {
  return connection
    .selectFrom("key_pairs")
    .innerJoin("accounts", "accounts.id", "key_pairs.account_id")
    .selectAll("key_pairs")
    .select([
      "accounts.status as account_status",
      "accounts.v1_uploads as account_v1_uploads",
      "accounts.storage_limit as account_storage_limit",
      "accounts.custom_metadata_defaults",
      "accounts.event_routes",
      "accounts.imagekit_id",
    ])
    .select(({ selectFrom }) => [
      selectFrom("restores")
        .select(({ fn }) => fn.max<number | null>("restored_at").as("at"))
        .as("restored_at"),
      selectFrom("restores")
        .select(({ fn }) => fn.max<number | null>("issued_after").as("after"))
        .as("issued_after"),
    ]);
}

/** Whether the pair's end has come. A revocation ends it on every node, also where the clock is behind. */
export function hasEnded(pair: Pick<KeyPairRow, "expires_at" | "revoked_at">, now: number): boolean {
  return pair.revoked_at !== null || (pair.expires_at !== null && pair.expires_at <= now);
}

/**
 * Lists the account's key pairs that have not ended and may do everything, in the order of `listActiveKeyPairs`. They
 * alone sign delivery URLs.
 */
export async function listFullKeyPairs(connection: Connection, accountId: string, now: number): Promise<KeyPairRow[]> {
  return selectActive(connection, accountId, now).where("role", "=", "full").execute();
}

/** Lists the account's key pairs that have not ended (`hasEnded`). Pairs without an end come first, the newest of them first. */
export async function listActiveKeyPairs(
  connection: Connection,
  accountId: string,
  now: number,
): Promise<KeyPairRow[]> {
  return selectActive(connection, accountId, now).execute();
}

function selectActive(connection: Connection, accountId: string, now: number) {
  return connection
    .selectFrom("key_pairs")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("revoked_at", "is", null)
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
    .orderBy("expires_at", (order) => order.desc().nullsFirst())
    .orderBy("created_at", "desc")
    .orderBy("id", "desc");
}

/**
 * Whether the account's key pair has not been revoked, even if it has expired since: a request that began in time may
 * end later. Whatever begins with a pair and ends later asks this when it goes on. A transaction that must not be
 * overtaken by a revocation holds the pair as well, as `findFolderWithKeyPair` does.
 */
export async function isUnrevoked(connection: Connection, accountId: string, id: string): Promise<boolean> {
  const { rows } = await unrevokedPair(connection, { accountId, id });
  return rows.length > 0;
}

const unrevokedPair = prepared((connection, by: { readonly accountId: string; readonly id: string }) =>
  connection
    .selectFrom("key_pairs")
    .select("id")
    .where("id", "=", by.id)
    .where("account_id", "=", by.accountId)
    .where("revoked_at", "is", null),
);

/**
 * Whether the account is active and its key pair has not been revoked. If so, both stay as they are until the transaction
 * ends.
 */
export async function holdKeyPair(connection: Connection, accountId: string, id: string): Promise<boolean> {
  const { rows } = await heldPair(connection, { accountId, id });
  return rows.length > 0;
}

const heldPair = prepared((connection, by: { readonly accountId: string; readonly id: string }) =>
  holdingAccountAndKeyPair(
    connection,
    connection
      .selectFrom("accounts")
      .innerJoin("key_pairs", "key_pairs.account_id", "accounts.id")
      .select("key_pairs.id")
      .where("accounts.id", "=", by.accountId)
      .where("accounts.status", "=", "active")
      .where("key_pairs.id", "=", by.id)
      .where("key_pairs.revoked_at", "is", null),
  ),
);

/** Locks the key pair for its revocation. It waits for every transaction that holds the pair. */
export async function lockKeyPair(
  connection: Connection,
  accountId: string,
  by: { readonly id: string } | { readonly public_key: string },
): Promise<KeyPairRow | undefined> {
  const query = connection.selectFrom("key_pairs").selectAll().where("account_id", "=", accountId);
  const one = "id" in by ? query.where("id", "=", by.id) : query.where("public_key", "=", by.public_key);
  return lockingWhole(connection, one).executeTakeFirst();
}

export async function insertKeyPair(connection: Connection, row: Insertable<KeyPairsTable>): Promise<void> {
  await connection.insertInto("key_pairs").values(row).execute();
}

export async function setKeyPairExpiry(connection: Connection, id: string, expiresAt: number | null): Promise<void> {
  await connection.updateTable("key_pairs").set({ expires_at: expiresAt }).where("id", "=", id).execute();
}

/** Ends a pair, and everything that was begun with it. The pair has been locked by `lockKeyPair`. */
export async function revokeKeyPairRow(
  connection: Connection,
  { id, account_id: accountId }: Pick<KeyPairRow, "id" | "account_id">,
  now: number,
): Promise<void> {
  const change = { expires_at: now, revoked_at: now };
  await connection.updateTable("key_pairs").set(change).where("id", "=", id).execute();
  await endSessionsOfKey(connection, { accountId, keyId: id });
}

/** Puts a pair in force again that had an end. */
export async function renewKeyPair(connection: Connection, id: string): Promise<void> {
  const change = { expires_at: null, revoked_at: null };
  await connection.updateTable("key_pairs").set(change).where("id", "=", id).execute();
}

/** Records that these pairs were used on this day, unless a later day is known. */
export async function setKeyPairsUsed(connection: Connection, ids: readonly string[], day: string): Promise<void> {
  const earlier = connection
    .selectFrom("key_pairs")
    .select("id")
    .where("id", "in", ids)
    .where((where) => where.or([where("last_used_on", "is", null), where("last_used_on", "<", day)]))
    .orderBy("id");
  const found = (await locking(connection, earlier).execute()).map(({ id }) => id);
  if (found.length === 0) return;
  await connection.updateTable("key_pairs").set({ last_used_on: day }).where("id", "in", found).execute();
}

export async function setKeyPairOrigin(
  connection: Connection,
  id: string,
  origin: KeyPairsTable["origin"],
): Promise<void> {
  await connection.updateTable("key_pairs").set({ origin }).where("id", "=", id).execute();
}

export async function deleteKeyPairs(connection: Connection, accountId: string): Promise<void> {
  await connection.deleteFrom("key_pairs").where("account_id", "=", accountId).execute();
}
