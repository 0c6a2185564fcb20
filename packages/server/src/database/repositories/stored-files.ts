import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../database.ts";
import { within } from "./folder-trees.ts";

/** A file with its place, and with the stored bytes of its current version. */
export interface StoredFileRow {
  readonly id: string;
  readonly folder_path: string;
  readonly name: string;
  readonly size: number;
  readonly storage_key: string;
  readonly is_private_file: 0 | 1;
  readonly is_published: 0 | 1;
  /** The time at which the current version last changed, in Unix milliseconds. */
  readonly updated_at: number;
}

/** Finds those of the files that belong to the account. */
export async function findStoredFiles(
  connection: Connection,
  viewer: Viewer,
  fileIds: readonly string[],
): Promise<StoredFileRow[]> {
  if (fileIds.length === 0) return [];
  return selectStored(connection)
    .where("files.account_id", "=", viewer.accountId)
    .where("files.id", "in", fileIds)
    .execute();
}

/** Lists the files in the folder at `path` and beneath it, but at most `limit` of them. */
export async function listStoredFiles(
  connection: Connection,
  viewer: Viewer,
  path: string,
  limit: number,
): Promise<StoredFileRow[]> {
  return selectStored(connection)
    .where(within({ accountId: viewer.accountId, path }))
    .orderBy("folders.path")
    .orderBy("files.name")
    .limit(limit)
    .execute();
}

function selectStored(connection: Connection) {
  return connection
    .selectFrom("folders")
    .innerJoin("files", "files.folder_id", "folders.id")
    .innerJoin("versions", "versions.id", "files.current_version_id")
    .innerJoin("blobs", "blobs.id", "versions.blob_id")
    .select([
      "files.id",
      "folders.path as folder_path",
      "files.name",
      "versions.size",
      "versions.is_private_file",
      "versions.is_published",
      "blobs.storage_key",
      "versions.updated_at",
    ]);
}
