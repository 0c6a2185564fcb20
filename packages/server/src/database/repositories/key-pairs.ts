import type { Selectable } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { KeyPairsTable } from "../schema.ts";
import type { AccountRow } from "./accounts.ts";

export type KeyPairRow = Selectable<KeyPairsTable>;
export type KeyPairWithAccount = KeyPairRow & {
  readonly account_status: AccountRow["status"];
  readonly account_v1_uploads: AccountRow["v1_uploads"];
  readonly account_storage_limit: AccountRow["storage_limit"];
  readonly custom_metadata_defaults: AccountRow["custom_metadata_defaults"];
  readonly event_routes: AccountRow["event_routes"];
  readonly imagekit_id: string;
};

export async function findKeyPair(
  connection: Connection,
  by: { readonly public_key: string } | { readonly private_key_hash: Uint8Array },
): Promise<KeyPairWithAccount | undefined> {
  const { rows } = "public_key" in by ? await byPublicKey(connection, by) : await byPrivateKeyHash(connection, by);
  return rows[0];
}

const byPublicKey = prepared((connection, by: { readonly public_key: string }) =>
  selectWithAccount(connection).where("public_key", "=", by.public_key),
);

const byPrivateKeyHash = prepared((connection, by: { readonly private_key_hash: Uint8Array }) =>
  selectWithAccount(connection).where("private_key_hash", "=", by.private_key_hash),
);

function selectWithAccount(connection: Connection) {
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
    ]);
}

/** Lists the account's key pairs that have not expired. Pairs without an end come first, the newest of them first. */
export async function listActiveKeyPairs(
  connection: Connection,
  accountId: string,
  now: number,
): Promise<KeyPairRow[]> {
  return connection
    .selectFrom("key_pairs")
    .selectAll()
    .where("account_id", "=", accountId)
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
    .orderBy("expires_at", (order) => order.desc().nullsFirst())
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
}

export async function insertKeyPair(connection: Connection, row: KeyPairRow): Promise<void> {
  await connection.insertInto("key_pairs").values(row).execute();
}

export async function setKeyPairExpiry(connection: Connection, id: string, expiresAt: number | null): Promise<void> {
  await connection.updateTable("key_pairs").set({ expires_at: expiresAt }).where("id", "=", id).execute();
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
