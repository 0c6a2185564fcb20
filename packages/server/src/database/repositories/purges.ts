import type { Insertable, Selectable } from "kysely";
import type { Connection } from "../database.ts";
import { locking } from "../locks.ts";
import type { PurgesTable } from "../schema.ts";

export type PurgeRow = Selectable<PurgesTable>;

export async function insertPurge(connection: Connection, row: Insertable<PurgesTable>): Promise<void> {
  await connection.insertInto("purges").values(row).execute();
}

export async function findPurge(connection: Connection, id: string): Promise<PurgeRow | undefined> {
  return connection.selectFrom("purges").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function completePurge(connection: Connection, id: string, now: number): Promise<void> {
  await connection.updateTable("purges").set({ completed_at: now }).where("id", "=", id).execute();
}

/** Deletes the records of the account's purges that were requested before this time and are done. */
export async function forgetPurges(connection: Connection, accountId: string, before: number): Promise<void> {
  await connection
    .deleteFrom("purges")
    .where("account_id", "=", accountId)
    .where("created_at", "<", before)
    .where("completed_at", "is not", null)
    .execute();
}

/** Counts one more purge of each version of these files. The files are locked in the order of their ids. */
export async function purgeVersions(connection: Connection, fileIds: readonly string[]): Promise<void> {
  const files = connection.selectFrom("files").select("id").where("id", "in", fileIds).orderBy("id");
  await locking(connection, files).execute();
  await connection
    .updateTable("versions")
    .set(({ eb }) => ({ purges: eb("purges", "+", 1) }))
    .where("file_id", "in", fileIds)
    .execute();
}

/** Appended to a text, it sorts after everything that begins with the text. */
const last = "\u{10FFFF}";

interface Page {
  /** The text that the paths or names of the results begin with. */
  readonly prefix: string;
  /** Path or name of the last result of the previous page. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** Returns the next folders whose path begins with the prefix, in the order of their paths. */
export async function pageOfFolders(
  connection: Connection,
  { accountId, prefix, after, limit }: Page & { readonly accountId: string },
): Promise<{ id: string; path: string }[]> {
  return connection
    .selectFrom("folders")
    .select(["id", "path"])
    .where("account_id", "=", accountId)
    .where("path", after === undefined ? ">=" : ">", after ?? prefix)
    .where("path", "<", prefix + last)
    .orderBy("path")
    .limit(limit)
    .execute();
}

/** Returns the next files of a folder whose name begins with the prefix, in the order of their names. */
export async function pageOfFiles(
  connection: Connection,
  { folderId, prefix, after, limit }: Page & { readonly folderId: string },
): Promise<{ id: string; name: string }[]> {
  return connection
    .selectFrom("files")
    .select(["id", "name"])
    .where("folder_id", "=", folderId)
    .where("name", after === undefined ? ">=" : ">", after ?? prefix)
    .where("name", "<", prefix + last)
    .orderBy("name")
    .limit(limit)
    .execute();
}
