import type { Selectable } from "kysely";
import type { Connection } from "../database.ts";
import type { FilesTable, VersionsTable } from "../schema.ts";

export type FileRow = Selectable<FilesTable>;
export type VersionRow = Selectable<VersionsTable>;

export async function findFileByName(
  connection: Connection,
  folderId: string,
  name: string,
): Promise<FileRow | undefined> {
  return connection
    .selectFrom("files")
    .selectAll()
    .where("folder_id", "=", folderId)
    .where("name", "=", name)
    .executeTakeFirst();
}

export async function findFile(
  connection: Connection,
  accountId: string,
  fileId: string,
): Promise<FileRow | undefined> {
  return connection
    .selectFrom("files")
    .selectAll()
    .where("id", "=", fileId)
    .where("account_id", "=", accountId)
    .executeTakeFirst();
}

export async function insertFile(connection: Connection, row: FileRow): Promise<void> {
  await connection.insertInto("files").values(row).execute();
}

export async function setCurrentVersion(
  connection: Connection,
  fileId: string,
  change: { readonly versionId: string; readonly lastNumber?: number; readonly now: number },
): Promise<void> {
  await connection
    .updateTable("files")
    .set({
      current_version_id: change.versionId,
      updated_at: change.now,
      ...(change.lastNumber === undefined ? {} : { last_version_number: change.lastNumber }),
    })
    .where("id", "=", fileId)
    .execute();
}

/** Deletes the file with all its versions; their blobs become the sweep's. */
export async function deleteFile(connection: Connection, fileId: string): Promise<void> {
  await connection.deleteFrom("versions").where("file_id", "=", fileId).execute();
  await connection.deleteFrom("files").where("id", "=", fileId).execute();
}

export async function insertVersion(connection: Connection, row: VersionRow): Promise<void> {
  await connection.insertInto("versions").values(row).execute();
}

export async function findVersion(connection: Connection, id: string): Promise<VersionRow | undefined> {
  return connection.selectFrom("versions").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function countVersions(connection: Connection, fileId: string): Promise<number> {
  const { count } = await connection
    .selectFrom("versions")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("file_id", "=", fileId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function deleteVersion(connection: Connection, id: string): Promise<void> {
  await connection.deleteFrom("versions").where("id", "=", id).execute();
}
