import type { Connection } from "../database/database.ts";
import type { AssetRow } from "../database/repositories/assets.ts";
import {
  deleteFile,
  deleteVersion,
  findVersion,
  laterThan,
  setCurrentVersion,
} from "../database/repositories/files.ts";
import { lockFile, updateVersion } from "../database/repositories/versions.ts";
import { currentAsset, type FileTarget } from "./edit-transactions.ts";

export interface VersionTarget extends FileTarget {
  readonly versionId: string;
}

/** Deletes the file with all its versions; their blobs become the sweep's. */
export async function removeFile(
  connection: Connection,
  { accountId, fileId }: Omit<FileTarget, "now">,
): Promise<"done" | "no file"> {
  const file = await lockFile(connection, accountId, fileId);
  if (file === undefined) return "no file";
  await deleteFile(connection, fileId);
  return "done";
}

/** Numbers stay those that were given: a later upload never takes that of a deleted version. */
export async function removeFileVersion(
  connection: Connection,
  { accountId, fileId, versionId }: Omit<VersionTarget, "now">,
): Promise<"done" | "no version" | "current version"> {
  const file = await lockFile(connection, accountId, fileId);
  const version = await findVersion(connection, versionId);
  if (file === undefined || version?.file_id !== fileId) return "no version";
  if (versionId === file.current_version_id) return "current version";
  await deleteVersion(connection, versionId);
  return "done";
}

export type RestoreOutcome =
  | { readonly outcome: "done"; readonly asset: AssetRow }
  | { readonly outcome: "no version" };

/** Makes a version current by pointing to it; nothing is copied (spec/media-api.md §12.3). */
export async function restoreFileVersion(
  connection: Connection,
  { accountId, fileId, versionId, now }: VersionTarget,
): Promise<RestoreOutcome> {
  const file = await lockFile(connection, accountId, fileId);
  const version = await findVersion(connection, versionId);
  if (file === undefined || version?.file_id !== fileId) return { outcome: "no version" };
  if (versionId !== file.current_version_id) {
    // The plain URL shows other bytes from now on, so its `updatedAt` must never have named the old ones.
    const time = laterThan(file, now);
    await updateVersion(connection, file, versionId, {}, time);
    await setCurrentVersion(connection, fileId, { versionId, now: time });
  }
  return { outcome: "done", asset: await currentAsset(connection, accountId, fileId) };
}
