import type { Updateable } from "kysely";
import type { Connection } from "../database.ts";
import type { VersionsTable } from "../schema.ts";
import type { FileRow, VersionRow } from "./files.ts";

export type VersionChange = Omit<Updateable<VersionsTable>, "updated_at">;

/**
 * The file, whose row is locked until the transaction ends by being written as it is: SQLite has no other lock, and
 * an upload or another change to the same file waits for it on every database.
 */
export async function lockFile(
  connection: Connection,
  accountId: string,
  fileId: string,
): Promise<FileRow | undefined> {
  return connection
    .updateTable("files")
    .set(({ ref }) => ({ updated_at: ref("updated_at") }))
    .where("id", "=", fileId)
    .where("account_id", "=", accountId)
    .returningAll()
    .executeTakeFirst();
}

export async function listVersions(connection: Connection, fileId: string): Promise<VersionRow[]> {
  return connection.selectFrom("versions").selectAll().where("file_id", "=", fileId).orderBy("number").execute();
}

/** Changes a version of `file`. A file's `updated_at` is always that of its current version. */
export async function updateVersion(
  connection: Connection,
  file: FileRow,
  versionId: string,
  change: VersionChange,
  now: number,
): Promise<void> {
  await connection
    .updateTable("versions")
    .set({ ...change, updated_at: now })
    .where("id", "=", versionId)
    .execute();
  if (versionId !== file.current_version_id) return;
  await connection.updateTable("files").set({ updated_at: now }).where("id", "=", file.id).execute();
}
