import type { Connection } from "../../../database/database.ts";
import {
  deleteFolders,
  emptyOnes,
  findFolderAt,
  lastFolders,
  lockFolders,
} from "../../../database/repositories/folder-trees.ts";
import { catalogueFolders } from "../../catalogue/catalogue.ts";
import { type Clean, type FolderJob, type StepResult, startOf } from "../job-position.ts";

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
  const isGone = (await findFolderAt(connection, { accountId, path })) === undefined;
  const { skipped, firstSkipped, moved } = position;
  if (isGone || moved === 0) return { position, done: 0, finished: true };
  // Files that were left alone are counted again by the next walk.
  return { position: { ...startOf(path), firstSkipped: skipped > 0 ? firstSkipped : null }, done: 0, finished: false };
}

/**
 * Deletes those of the locked folders in which there is nothing, then those that became empty by that.
 * @returns how many folders were deleted
 */
export async function deleteEmptied(connection: Connection, ids: readonly string[]): Promise<number> {
  let rest = ids;
  for (;;) {
    const empty = await emptyOnes(connection, rest);
    if (empty.length === 0) return ids.length - rest.length;
    await deleteFolders(connection, empty);
    await catalogueFolders(connection, empty);
    rest = rest.filter((id) => !empty.includes(id));
  }
}
