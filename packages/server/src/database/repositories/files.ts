import { type Selectable, sql } from "kysely";
import type { Connection } from "../database.ts";
import { locking } from "../locks.ts";
import { prepared } from "../prepared.ts";
import { type FilesTable, insertedVersionColumns, type VersionsTable } from "../schema.ts";

export type FileRow = Selectable<FilesTable>;
/** A file that this transaction has locked. */
export interface LockedFile extends FileRow {
  readonly folder_moved_at: number;
}
/** A version as it is inserted, when nothing derived from it has been purged yet. */
export type VersionRow = Omit<Selectable<VersionsTable>, "purges">;

/**
 * Claims the name in the folder for this transaction. It locks the file that has the name, or inserts `row` if there is
 * none. Two transactions with the same new name end up with one file.
 * @returns the existing file; undefined when `row` was inserted
 */
export async function claimFileName(connection: Connection, row: FileRow): Promise<LockedFile | undefined> {
  for (;;) {
    const { rows } = await lockByName(connection, row);
    if (rows[0] !== undefined) return rows[0];
    if (await insertFile(connection, row)) return undefined;
    // Another transaction was first and has committed meanwhile. Its file can be locked now, unless it is deleted again
    // already.
  }
}

const lockByName = prepared((connection, by: Pick<FileRow, "folder_id" | "name">) =>
  locking(connection, selectToLock(connection).where("folder_id", "=", by.folder_id).where("name", "=", by.name)),
);

/** Selects files with the time at which their folder moved. A lock on such a query locks the files alone. */
export function selectToLock(connection: Connection) {
  const movedAt = sql<number>`(select moved_at from folders where folders.id = files.folder_id)`;
  return connection.selectFrom("files").selectAll("files").select(movedAt.as("folder_moved_at"));
}

/** @returns whether the row was inserted; false if another file has its name in the folder */
export async function insertFile(connection: Connection, row: FileRow): Promise<boolean> {
  const { changed } = await insertUnlessThere(connection, row);
  return changed === 1;
}

/** Finds the file with this name in the folder. The row is not locked. */
export async function findFileByName(
  connection: Connection,
  folderId: string,
  name: string,
): Promise<FileRow | undefined> {
  const { rows } = await byName(connection, { folder_id: folderId, name });
  return rows[0];
}

const byName = prepared((connection, by: Pick<FileRow, "folder_id" | "name">) =>
  connection.selectFrom("files").selectAll().where("folder_id", "=", by.folder_id).where("name", "=", by.name),
);

/** Finds the files of the folder that have one of these names. */
export async function findFilesByNames(
  connection: Connection,
  folderId: string,
  names: readonly string[],
): Promise<Pick<FileRow, "id" | "name">[]> {
  return connection
    .selectFrom("files")
    .select(["id", "name"])
    .where("folder_id", "=", folderId)
    .where("name", "in", names)
    .execute();
}

/** Returns the next files of a folder, in the order of their names. */
export async function pageOfFolder(
  connection: Connection,
  folderId: string,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Pick<FileRow, "id" | "folder_id" | "name">[]> {
  let query = connection.selectFrom("files").select(["id", "folder_id", "name"]).where("folder_id", "=", folderId);
  if (after !== null) query = query.where("name", ">", after);
  return query.orderBy("name").limit(limit).execute();
}

const insertUnlessThere = prepared((connection, row: FileRow) =>
  connection
    .insertInto("files")
    .values({
      id: row.id,
      account_id: row.account_id,
      folder_id: row.folder_id,
      name: row.name,
      current_version_id: row.current_version_id,
      last_version_number: row.last_version_number,
      created_at: row.created_at,
      updated_at: row.updated_at,
    })
    .onConflict((conflict) => conflict.columns(["folder_id", "name"]).doNothing()),
);

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

/**
 * Returns a time for `updated_at` that never goes back, because the plain URL with its `updatedAt` may be cached for a
 * year. It doesn't go back when two changes fall into one millisecond, nor when the clock is set back, nor when the node
 * that has moved the folder has a clock that is ahead: the URL shows the later one of both times.
 */
export function laterThan(file: Pick<LockedFile, "updated_at" | "folder_moved_at">, now: number): number {
  return Math.max(now, file.updated_at + 1, file.folder_moved_at + 1);
}

/**
 * Locks those of the files that belong to the account, in the order of their ids: until the transaction ends, no other
 * transaction changes them.
 * @returns the rows in that order
 */
export async function lockFiles(
  connection: Connection,
  accountId: string,
  fileIds: readonly string[],
): Promise<LockedFile[]> {
  if (fileIds.length === 0) return [];
  const files = selectToLock(connection).where("account_id", "=", accountId);
  return locking(connection, files.where("id", "in", fileIds).orderBy("id")).execute();
}

/**
 * Puts a locked file into a folder under a name. The place must be free. On PostgreSQL the statement waits for
 * transactions that are taking the same place, and the script runs again if one of them has taken it.
 */
export async function updatePlace(
  connection: Connection,
  fileId: string,
  { folderId, name }: { readonly folderId: string; readonly name: string },
): Promise<void> {
  await connection.updateTable("files").set({ folder_id: folderId, name }).where("id", "=", fileId).execute();
}

/** Deletes a file whose versions belong to another file now. */
export async function deleteEmptyFile(connection: Connection, fileId: string): Promise<void> {
  await connection.deleteFrom("files").where("id", "=", fileId).execute();
}

/** Deletes files with all their versions. Their blobs are left to the sweep. */
export async function deleteFiles(
  connection: Connection,
  fileIds: readonly string[],
): Promise<{ readonly files: number; readonly versions: number }> {
  if (fileIds.length === 0) return { files: 0, versions: 0 };
  const versions = await connection.deleteFrom("versions").where("file_id", "in", fileIds).executeTakeFirstOrThrow();
  const files = await connection.deleteFrom("files").where("id", "in", fileIds).executeTakeFirstOrThrow();
  return { files: Number(files.numDeletedRows), versions: Number(versions.numDeletedRows) };
}

/** Counts the versions of each of the files. */
export async function countVersionsOf(
  connection: Connection,
  fileIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (fileIds.length === 0) return new Map();
  const rows = await connection
    .selectFrom("versions")
    .select(({ fn }) => ["file_id", fn.countAll<number>().as("count")])
    .where("file_id", "in", fileIds)
    .groupBy("file_id")
    .execute();
  return new Map(rows.map(({ file_id, count }) => [file_id, Number(count)]));
}

export async function insertVersion(connection: Connection, row: VersionRow): Promise<void> {
  await insertVersionRow(connection, row);
}

const insertVersionRow = prepared((connection, row: VersionRow) =>
  connection
    .insertInto("versions")
    .values(Object.fromEntries(insertedVersionColumns.map((column) => [column, row[column]])) as VersionRow),
);

export async function findVersion(connection: Connection, id: string): Promise<VersionRow | undefined> {
  return connection.selectFrom("versions").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function findVersions(connection: Connection, ids: readonly string[]): Promise<VersionRow[]> {
  if (ids.length === 0) return [];
  return connection.selectFrom("versions").selectAll().where("id", "in", ids).execute();
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
