import { viewerOfServer } from "../../../access/viewer.ts";
import type { Connection } from "../../../database/database.ts";
import { type FileRow, lockFiles, pageOfFolder } from "../../../database/repositories/files.ts";
import {
  deleteFolders,
  emptyOnes,
  findFolderAt,
  lastFolders,
  lockFolders,
} from "../../../database/repositories/folder-trees.ts";
import { indexFolders } from "../../../database/search-index/write-index.ts";
import { removeFiles } from "../../files/remove-files.ts";
import {
  type Clean,
  type FolderJob,
  filesPerStep,
  type StepContext,
  type StepResult,
  startOf,
} from "../job-position.ts";
import { StepFiles } from "./step-files.ts";

const foldersPerCleaning = 200;

/**
 * Deletes folders of the source that a move has emptied. A folder into which somebody has uploaded a file meanwhile
 * stays, and the walk begins anew, as long as there is something to move.
 */
export async function cleanStep(
  connection: Connection,
  { account_id: accountId, source_path: path, position }: Pick<FolderJob, "account_id" | "source_path" | "position">,
  { before }: Clean,
): Promise<StepResult> {
  const page = { before: before ?? undefined, limit: foldersPerCleaning };
  const folders = await lastFolders(connection, { accountId, path }, page);
  const ids = folders.map(({ id }) => id);
  await lockFolders(connection, accountId, ids);
  await deleteEmptied(connection, ids);
  const last = folders.at(-1)?.path;
  if (last !== undefined && last !== path) {
    return { position: { ...position, at: { phase: "clean", before: last } }, done: 0, finished: false };
  }
  const isGone = (await findFolderAt(connection, viewerOfServer(accountId), path)) === undefined;
  const { skipped, firstSkipped, moved } = position;
  if (isGone || moved === 0) return { position, done: 0, finished: true };
  // Files that were left alone are counted again by the next walk.
  return { position: { ...startOf(path), firstSkipped: skipped > 0 ? firstSkipped : null }, done: 0, finished: false };
}

/**
 * Deletes those of the locked folders in which there is nothing, then those that became empty by that.
 * @returns how many folders were deleted
 */
async function deleteEmptied(connection: Connection, ids: readonly string[]): Promise<number> {
  let rest = ids;
  for (;;) {
    const empty = await emptyOnes(connection, rest);
    if (empty.length === 0) return ids.length - rest.length;
    await deleteFolders(connection, empty);
    await indexFolders(connection, empty);
    rest = rest.filter((id) => !empty.includes(id));
  }
}

const foldersPerDeletion = 200;

/**
 * Deletes the last files of the tree, or puts them into the trash with their paths, and then deletes the folders that
 * are empty. What is uploaded into the tree meanwhile is deleted with it, until the folder at the top is gone.
 */
export async function deleteStep(
  connection: Connection,
  { account_id: accountId, source_path: path, trash_ms: trashMs, position }: FolderJob,
  { events, now }: StepContext,
): Promise<StepResult> {
  const candidates = await lastFolders(connection, { accountId, path }, { limit: foldersPerDeletion });
  // From the deepest folder on, as far as this step gets with its files.
  const chosen: string[] = [];
  let count = 0;
  for (const { id } of candidates) {
    if (count >= filesPerStep) break;
    count += (await pageOfFolder(connection, id, { after: null, limit: filesPerStep - count })).length;
    chosen.push(id);
  }
  // Nothing is added to a locked folder, so what is read from here on is all that there is.
  const folders = (await lockFolders(connection, accountId, chosen)).toReversed();
  const stepFiles = new StepFiles(connection, { allVersions: true });
  const files: Pick<FileRow, "id">[] = [];
  for (const { id } of folders) if (!stepFiles.isFull) files.push(...(await stepFiles.take(id, null)));
  const ids = files.map(({ id }) => id);
  const locked = await lockFiles(connection, accountId, ids);
  const still = locked.filter(({ folder_id }) => chosen.includes(folder_id)).map(({ id }) => id);
  if (still.length > 0) await removeFiles(connection, { accountId, fileIds: still, trashMs, events, now });
  const deleted = await deleteEmptied(
    connection,
    folders.map(({ id }) => id),
  );
  const left = await lastFolders(connection, { accountId, path }, { limit: 1 });
  return { position, done: still.length + deleted, finished: left.length === 0 };
}
