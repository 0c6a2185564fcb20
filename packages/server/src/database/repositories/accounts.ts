import type { Selectable } from "kysely";
import type { Connection } from "../database.ts";
import type { AccountsTable } from "../schema.ts";

export type AccountRow = Selectable<AccountsTable>;

export async function findAccount(
  connection: Connection,
  by: { readonly id: string } | { readonly imagekit_id: string },
): Promise<AccountRow | undefined> {
  const query = connection.selectFrom("accounts").selectAll();
  return "id" in by
    ? query.where("id", "=", by.id).executeTakeFirst()
    : query.where("imagekit_id", "=", by.imagekit_id).executeTakeFirst();
}

export async function listAccounts(connection: Connection): Promise<AccountRow[]> {
  return connection.selectFrom("accounts").selectAll().orderBy("created_at").orderBy("id").execute();
}

export async function insertAccount(connection: Connection, row: AccountRow): Promise<void> {
  await connection.insertInto("accounts").values(row).execute();
}
