import type { Updateable } from "kysely";
import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../database.ts";
import { locking } from "../locks.ts";
import type { VersionsTable } from "../schema.ts";
import { type FileRow, findVersion, type LockedFile, selectToLock, type VersionRow } from "./files.ts";

/** Columns of a version that never change, or change by themselves. */
type FixedColumn =
  | "id"
  | "account_id"
  | "file_id"
  | "number"
  | "blob_id"
  | "size"
  | "mime"
  | "kind"
  | "file_type"
  | "width"
  | "height"
  | "orientation"
  | "has_alpha"
  | "pages"
  | "duration"
  | "bit_rate"
  | "video_codec"
  | "audio_codec"
  | "unreadable"
  | "embedded_metadata"
  | "is_private_file"
  | "purges"
  | "created_at"
  | "updated_at";

/**
 * The columns of a version that may change. The kept answer of an upload has their earlier values, so
 * upload/answer/kept-answer.ts must know each of them.
 */
export type VersionChange = Updateable<Omit<VersionsTable, FixedColumn>>;

/** Locks the file: until the transaction ends, no upload and no other change touches it. */
export async function lockFile(
  connection: Connection,
  accountId: string,
  fileId: string,
): Promise<LockedFile | undefined> {
  const query = selectToLock(connection).where("id", "=", fileId).where("account_id", "=", accountId);
  return locking(connection, query).executeTakeFirst();
}

/**
 * Locks the file that has the version now. A merge gives versions to another file, and deletes the one that had them.
 * @returns undefined where the version is gone
 */
export async function lockFileOfVersion(
  connection: Connection,
  accountId: string,
  versionId: string,
): Promise<{ readonly file: LockedFile; readonly version: VersionRow } | undefined> {
  for (;;) {
    const found = await findVersion(connection, versionId);
    if (found?.account_id !== accountId) return undefined;
    const file = await lockFile(connection, accountId, found.file_id);
    const version = file && (await findVersion(connection, versionId));
    if (file !== undefined && version?.file_id === file.id) return { file, version };
  }
}

export async function listVersions(connection: Connection, fileId: string): Promise<VersionRow[]> {
  return connection.selectFrom("versions").selectAll().where("file_id", "=", fileId).orderBy("number").execute();
}

/** Returns those of the ids that name versions of the account. */
export async function findVersionIds(
  connection: Connection,
  viewer: Viewer,
  ids: readonly string[],
): Promise<string[]> {
  const query = connection.selectFrom("versions").select("id").where("account_id", "=", viewer.accountId);
  return (await query.where("id", "in", ids).execute()).map(({ id }) => id);
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

/** Gives a version to another file, under a number of that file. Both files are locked. */
export async function assignVersion(
  connection: Connection,
  versionId: string,
  to: { readonly fileId: string; readonly number: number },
): Promise<void> {
  await connection
    .updateTable("versions")
    .set({ file_id: to.fileId, number: to.number })
    .where("id", "=", versionId)
    .execute();
}
