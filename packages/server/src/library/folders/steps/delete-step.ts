import type { Connection } from "../../../database/database.ts";
import { type FileRow, lockFiles, pageOfFolder } from "../../../database/repositories/files.ts";
import { lastFolders, lockFolders } from "../../../database/repositories/folder-trees.ts";
import { removeFiles } from "../../files/remove-files.ts";
import { type FolderJob, filesPerStep, type StepContext, type StepResult } from "../job-position.ts";
import { deleteEmptied } from "./clean-step.ts";
import { StepFiles } from "./step-files.ts";

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
