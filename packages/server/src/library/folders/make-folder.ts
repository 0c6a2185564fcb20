import type { Connection } from "../../database/database.ts";
import { findFolderAt, type Tree } from "../../database/repositories/folder-trees.ts";
import { ensureFolder } from "../../database/repositories/folders.ts";
import { catalogueFolders } from "../catalogue/catalogue.ts";
import { parentPath } from "./folder-paths.ts";

/**
 * Creates the folder unless it is there, parents included.
 * @returns the folder's id, and how many folders were created
 */
export async function makeFolder(
  connection: Connection,
  { accountId, path }: Tree,
  now: number,
): Promise<{ readonly id: string; readonly created: number }> {
  const created: string[] = [];
  const id = await makeMissing(connection, { accountId, path }, now, created);
  if (created.length > 0) await catalogueFolders(connection, created);
  return { id, created: created.length };
}

async function makeMissing(
  connection: Connection,
  { accountId, path }: Tree,
  now: number,
  created: string[],
): Promise<string> {
  const folder = await findFolderAt(connection, { accountId, path });
  if (folder !== undefined) return folder.id;
  if (path !== "/") await makeMissing(connection, { accountId, path: parentPath(path) }, now, created);
  const id = await ensureFolder(connection, accountId, path, now);
  created.push(id);
  return id;
}
