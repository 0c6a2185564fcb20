import type { Connection } from "../../database/database.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { deleteVersion, findVersion, laterThan, setCurrentVersion } from "../../database/repositories/files.ts";
import { lockFile, updateVersion } from "../../database/repositories/versions.ts";
import { recordEvent } from "../../events/record-event.ts";
import { catalogueFiles } from "../catalogue/catalogue.ts";
import { currentAsset, type FileTarget } from "../files/edit-transactions.ts";
import { recordFileEvents } from "../files/file-events.ts";
import { type FilesToRemove, removeFiles } from "../files/remove-files.ts";

export interface VersionTarget extends FileTarget {
  readonly versionId: string;
}

/** The file that is deleted, and the time that the event of the deletion carries. */
export type Deletion = Omit<FileTarget, "now"> & Partial<Pick<FileTarget, "now">>;

/** Deletes the file with all its versions, or puts it into the trash for a time. */
export async function removeFileTransaction(
  connection: Connection,
  { accountId, fileId, trashMs = null, events, now = Date.now() }: Deletion & Partial<Pick<FilesToRemove, "trashMs">>,
): Promise<"done" | "no file"> {
  const file = await lockFile(connection, accountId, fileId);
  if (file === undefined) return "no file";
  await removeFiles(connection, { accountId, fileIds: [fileId], trashMs, events, now });
  return "done";
}

removeFileTransaction.makesRoom = true;

/**
 * Deletes a version that isn't current. The other versions keep their numbers, and a later upload never gets the number
 * of a deleted version.
 */
export async function removeFileVersionTransaction(
  connection: Connection,
  { accountId, fileId, versionId, events, now = Date.now() }: Deletion & Pick<VersionTarget, "versionId">,
): Promise<"done" | "no version" | "current version"> {
  const file = await lockFile(connection, accountId, fileId);
  const version = await findVersion(connection, versionId);
  if (file === undefined || version?.file_id !== fileId) return "no version";
  if (versionId === file.current_version_id) return "current version";
  await deleteVersion(connection, versionId);
  await catalogueFiles(connection, [fileId]);
  const event = { type: "file-version.deleted", data: () => ({ fileId, versionId }) } as const;
  await recordEvent(connection, events, event, now);
  return "done";
}

removeFileVersionTransaction.makesRoom = true;

export type RestoreOutcome =
  | { readonly outcome: "done"; readonly asset: AssetRow }
  | { readonly outcome: "no version" };

/** Makes a version current by pointing to it; nothing is copied (docs/protocol/media-api.md §12.3). */
export async function restoreFileVersionTransaction(
  connection: Connection,
  { accountId, fileId, versionId, events, now }: VersionTarget,
): Promise<RestoreOutcome> {
  const file = await lockFile(connection, accountId, fileId);
  const version = await findVersion(connection, versionId);
  if (file === undefined || version?.file_id !== fileId) return { outcome: "no version" };
  const restores = versionId !== file.current_version_id;
  if (restores) {
    // The plain URL shows other bytes from now on, so its `updatedAt` must never have named the old ones.
    const time = laterThan(file, now);
    await updateVersion(connection, file, versionId, {}, time);
    await setCurrentVersion(connection, fileId, { versionId, now: time });
    await catalogueFiles(connection, [fileId]);
  }
  const asset = await currentAsset(connection, accountId, fileId);
  if (restores) await recordFileEvents(connection, events, ["file.updated"], asset);
  return { outcome: "done", asset };
}
