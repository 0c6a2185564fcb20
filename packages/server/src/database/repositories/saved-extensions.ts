import type { Selectable } from "kysely";
import type { Connection } from "../database.ts";
import type { SavedExtensionsTable } from "../schema.ts";

export type SavedExtensionRow = Selectable<SavedExtensionsTable>;

/** Lists the extensions in the order in which they were created. */
export async function listSavedExtensions(connection: Connection, accountId: string): Promise<SavedExtensionRow[]> {
  return connection
    .selectFrom("saved_extensions")
    .selectAll()
    .where("account_id", "=", accountId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

export async function findSavedExtension(
  connection: Connection,
  accountId: string,
  id: string,
): Promise<SavedExtensionRow | undefined> {
  return connection
    .selectFrom("saved_extensions")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("id", "=", id)
    .executeTakeFirst();
}

export async function insertSavedExtension(connection: Connection, row: SavedExtensionRow): Promise<void> {
  await connection.insertInto("saved_extensions").values(row).execute();
}
