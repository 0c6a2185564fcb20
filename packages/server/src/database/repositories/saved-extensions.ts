import type { Selectable, Updateable } from "kysely";
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

/** @returns false when the extension doesn't exist */
export async function updateSavedExtension(
  connection: Connection,
  accountId: string,
  id: string,
  change: Updateable<SavedExtensionsTable>,
): Promise<boolean> {
  const { numUpdatedRows } = await connection
    .updateTable("saved_extensions")
    .set(change)
    .where("account_id", "=", accountId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** @returns false when the extension didn't exist */
export async function deleteSavedExtension(connection: Connection, accountId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await connection
    .deleteFrom("saved_extensions")
    .where("account_id", "=", accountId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}
