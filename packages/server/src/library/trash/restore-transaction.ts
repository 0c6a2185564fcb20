import { viewerOfServer } from "../../access/viewer.ts";
import { type Connection, Rollback } from "../../database/database.ts";
import { lockStorageParts } from "../../database/repositories/account-storage.ts";
import { holdActiveAccount } from "../../database/repositories/accounts.ts";
import {
  type FileRow,
  findFileByName,
  insertFile,
  type LockedFile,
  laterThan,
  lockFiles,
  setCurrentVersion,
} from "../../database/repositories/files.ts";
import { findFolder, holdFolder } from "../../database/repositories/folders.ts";
import {
  deleteTrashedFiles,
  findTrashedFile,
  listTrashedVersions,
  lockTrashedFiles,
  restoreVersionAs,
  restoreVersions,
  type TrashedFileRow,
} from "../../database/repositories/trash.ts";
import { updateVersion } from "../../database/repositories/versions.ts";
import { indexFiles } from "../../database/search-index/write-index.ts";
import type { EventContext } from "../../events/event-context.ts";
import { isTold, recordEvent } from "../../events/record-event.ts";
import { recordEnteredVersions } from "../files/copy-file.ts";
import { currentAsset } from "../files/edit-files.ts";
import { recordFileEvents } from "../files/file-events.ts";
import { joinPath } from "../names.ts";
import { assertRoomForVersions } from "../versions/add-version.ts";
import { type StartAgain, startAgain } from "../versions/enter-version.ts";

export interface FileToRestore {
  readonly accountId: string;
  readonly fileId: string;
  /** The endpoints that are told of the change. */
  readonly events?: EventContext | undefined;
  readonly now: number;
}

export type RestoreFromTrashOutcome =
  | { readonly outcome: "done" /** The file that is at the path now. */; readonly fileId: string }
  | { readonly outcome: "no file" | "account disabled" | "version limit" }
  | StartAgain;

/**
 * Takes a file out of the trash and puts it back to its path. Its folder is created where it is gone. A file keeps its
 * id where the path is free. Where a file has the path, that file stays, takes over all versions and shows what the file
 * in the trash showed, as with a move (`files/move-file.ts`). A file that would have too many versions rolls the
 * transaction back with the outcome "version limit".
 */
export async function restoreFromTrash(
  connection: Connection,
  { accountId, fileId, events, now }: FileToRestore,
): Promise<RestoreFromTrashOutcome> {
  if (!(await holdActiveAccount(connection, accountId))) return { outcome: "account disabled" };
  const found = await findTrashedFile(connection, viewerOfServer(accountId), fileId);
  if (found === undefined) return { outcome: "no file" };
  const folderId = await holdFolder(connection, accountId, found.folder_path, now);
  const folder = await findFolder(connection, accountId, folderId);
  const destination = await lockDestination(connection, found, folderId);
  const [trashed] = await lockTrashedFiles(connection, accountId, [fileId]);
  // Another request has restored or deleted the file meanwhile. The folder must not be created then.
  if (trashed === undefined) throw new Rollback({ outcome: "no file" } satisfies RestoreFromTrashOutcome);
  const restoration = { trashed: { ...trashed, folder_moved_at: folder?.moved_at ?? 0 }, events, now };
  const restored =
    destination === undefined
      ? await restoreToFreePath(connection, restoration, folderId)
      : await mergeInto(connection, restoration, destination);
  const filePath = joinPath(trashed.folder_path, trashed.name);
  const data = () => ({ fileId, restoredFileId: restored.fileId, filePath });
  await recordEvent(connection, events, { type: "sluice.trash.restored", data }, restored.time);
  return { outcome: "done", fileId: restored.fileId };
}

interface Restoration {
  /** The locked file in the trash. */
  readonly trashed: TrashedFileRow & Pick<LockedFile, "folder_moved_at">;
  readonly events: EventContext | undefined;
  readonly now: number;
}

interface Restored {
  readonly fileId: string;
  readonly time: number;
}

async function lockDestination(
  connection: Connection,
  { account_id: accountId, name }: TrashedFileRow,
  folderId: string,
): Promise<LockedFile | undefined> {
  const there = await findFileByName(connection, folderId, name);
  if (there === undefined) return undefined;
  const [locked] = await lockFiles(connection, accountId, [there.id]);
  if (locked?.folder_id !== folderId || locked.name !== name) throw new Rollback(startAgain);
  return locked;
}

async function restoreToFreePath(
  connection: Connection,
  { trashed, events, now }: Restoration,
  folderId: string,
): Promise<Restored> {
  const { id, account_id: accountId } = trashed;
  const time = laterThan(trashed, now);
  const row: FileRow = {
    id,
    account_id: accountId,
    folder_id: folderId,
    name: trashed.name,
    current_version_id: trashed.current_version_id,
    last_version_number: trashed.last_version_number,
    created_at: trashed.created_at,
    updated_at: time,
  };
  // Another request has taken the path meanwhile.
  if (!(await insertFile(connection, row))) throw new Rollback(startAgain);
  await lockStorageParts(connection, accountId, [id]);
  await restoreVersions(connection, id);
  await deleteTrashedFiles(connection, [id]);
  await updateVersion(connection, row, row.current_version_id, {}, time);
  await indexFiles(connection, [id]);
  if (isTold(events, "file.created")) {
    const asset = await currentAsset(connection, accountId, id);
    await recordFileEvents(connection, events, ["file.created"], asset);
  }
  return { fileId: id, time };
}

async function mergeInto(
  connection: Connection,
  { trashed, events, now }: Restoration,
  destination: LockedFile,
): Promise<Restored> {
  const { id, account_id: accountId, current_version_id: current } = trashed;
  const versions = await listTrashedVersions(connection, id);
  await assertRoomForVersions(connection, destination, versions.length);
  await lockStorageParts(connection, accountId, [id, destination.id]);
  const time = laterThan(destination, laterThan(trashed, now));
  // The version that the file in the trash showed comes last, and becomes current.
  const inOrder = versions.toSorted((one, other) => Number(one.id === current) - Number(other.id === current));
  let number = destination.last_version_number;
  for (const version of inOrder) {
    number += 1;
    await restoreVersionAs(connection, version.id, { fileId: destination.id, number });
  }
  await deleteTrashedFiles(connection, [id]);
  await setCurrentVersion(connection, destination.id, { versionId: current, lastNumber: number, now: time });
  await updateVersion(connection, destination, current, {}, time);
  await indexFiles(connection, [destination.id]);
  const entered = versions.map((version) => version.id);
  await recordEnteredVersions(connection, destination, entered, events, time);
  return { fileId: destination.id, time };
}
