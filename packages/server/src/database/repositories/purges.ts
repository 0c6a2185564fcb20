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

/** Forgets the account's purges that were asked for and done before then. */
export async function forgetPurges(connection: Connection, accountId: string, before: number): Promise<void> {
  await connection
    .deleteFrom("purges")
    .where("account_id", "=", accountId)
    .where("created_at", "<", before)
    .where("completed_at", "is not", null)
    .execute();
}

/** Counts one more purge of each version of these files, which are locked in the order of their ids. */
export async function purgeVersions(connection: Connection, fileIds: readonly string[]): Promise<void> {
  const files = connection.selectFrom("files").select("id").where("id", "in", fileIds).orderBy("id");
  await locking(connection, files).execute();
  await connection
    .updateTable("versions")
    .set(({ eb }) => ({ purges: eb("purges", "+", 1) }))
    .where("file_id", "in", fileIds)
    .execute();
}

/** Sorts behind everything that begins with the text in front of it. */
const last = "\u{10FFFF}";

/**
 * The next files, by their ids, whose path begins with `prefix`, itself beginning with a slash.
 * @param after the id of the last one before
 */
export async function pageOfFilesBelow(
  connection: Connection,
  { accountId, prefix, after, limit }: { accountId: string; prefix: string; after: string; limit: number },
): Promise<string[]> {
  const slash = prefix.lastIndexOf("/");
  const folder = prefix.slice(0, Math.max(slash, 1));
  const name = prefix.slice(slash + 1);
  const rows = await connection
    .selectFrom("files")
    .innerJoin("folders", "folders.id", "files.folder_id")
    .select("files.id")
    .where("files.account_id", "=", accountId)
    .where("files.id", ">", after)
    .where(({ and, eb, or }) =>
      or([
        and([eb("folders.path", "=", folder), eb("files.name", ">=", name), eb("files.name", "<", name + last)]),
        and([eb("folders.path", ">=", prefix), eb("folders.path", "<", prefix + last)]),
      ]),
    )
    .orderBy("files.id")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
