import { SluiceError } from "@sluice/protocol";
import type { Viewer } from "../access/viewer.ts";
import type { Limits } from "../config/limits.ts";
import type { Connection } from "../database/database.ts";
import { findFolderAt } from "../database/repositories/folder-trees.ts";
import { findStoredFiles, listStoredFiles, type StoredFileRow } from "../database/repositories/stored-files.ts";
import { mayHave } from "../delivery/find/access.ts";
import { nameOf, shownFolder } from "../library/folders/folder-paths.ts";
import { isId } from "../text/id.ts";
import type { ZipSelection } from "./zip-selection.ts";
import { distinctNames, entryPaths, type Segments } from "./zip-selection.ts";

export interface ZipFile {
  /** The path in the archive. */
  readonly path: string;
  readonly size: number;
  readonly storageKey: string;
  /** The time of the last change, in Unix milliseconds. */
  readonly modifiedAt: number;
}

export interface ZipFiles {
  readonly files: readonly ZipFile[];
  /** The sizes of the files together. */
  readonly bytes: number;
}

/** The number of ids in one query. */
const idsAtOnce = 500;

type FoundFile = readonly [file: StoredFileRow, place: Segments];

/**
 * The files that the selection holds now. Private files and drafts are for those who may sign URLs.
 * @throws SluiceError FILES_NOT_FOUND, FOLDER_NOT_FOUND, ZIP_EMPTY, ZIP_TOO_MANY_FILES, ZIP_TOO_LARGE,
 *   KEY_MAY_NOT_READ_HIDDEN
 */
export async function findZipFiles(
  connection: Connection,
  viewer: Viewer,
  selection: ZipSelection,
  { zipFiles, zipBytes }: Pick<Limits, "zipFiles" | "zipBytes">,
  signal: AbortSignal,
): Promise<ZipFiles> {
  const inFolders = await filesInFolders(connection, viewer, selection.folderPaths, zipFiles, signal);
  const known = new Set(inFolders.map(([{ id }]) => id));
  const alone = await filesAlone(connection, viewer, selection.fileIds, signal);
  const found = [...inFolders, ...alone.filter(([{ id }]) => !known.has(id))];
  if (found.length === 0) throw new SluiceError("ZIP_EMPTY");
  if (found.length > zipFiles) throw new SluiceError("ZIP_TOO_MANY_FILES", { limit: zipFiles });
  const hidden = found.filter(([file]) => !mayHave(viewer.role, file)).length;
  if (hidden > 0) throw new SluiceError("KEY_MAY_NOT_READ_HIDDEN", { role: viewer.role, count: hidden });
  const bytes = found.reduce((sum, [{ size }]) => sum + size, 0);
  if (bytes > zipBytes) throw new SluiceError("ZIP_TOO_LARGE", { limit: zipBytes });
  const paths = entryPaths(found.map(([, place]) => place));
  const files = found.map(([{ size, storage_key: storageKey, updated_at: modifiedAt }], index) => {
    return { path: paths[index] ?? "", size, storageKey, modifiedAt };
  });
  return { files, bytes };
}

async function filesAlone(
  connection: Connection,
  viewer: Viewer,
  fileIds: readonly string[],
  signal: AbortSignal,
): Promise<readonly FoundFile[]> {
  const rows = new Map<string, StoredFileRow>();
  const valid = fileIds.filter(isId);
  for (let start = 0; start < valid.length; start += idsAtOnce) {
    signal.throwIfAborted();
    const page = await findStoredFiles(connection, viewer, valid.slice(start, start + idsAtOnce));
    for (const row of page) rows.set(row.id, row);
  }
  const missingFileIds = fileIds.filter((id) => !rows.has(id));
  if (missingFileIds.length > 0) throw new SluiceError("FILES_NOT_FOUND", {}, { missingFileIds });
  // In the order of the request, by which files of one name get their numbers.
  return fileIds.flatMap((id) => rows.get(id) ?? []).map((row) => [row, [row.name]]);
}

async function filesInFolders(
  connection: Connection,
  viewer: Viewer,
  folderPaths: readonly string[],
  maxFiles: number,
  signal: AbortSignal,
): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  const tops = distinctNames(folderPaths.map(nameOf));
  for (const [index, path] of folderPaths.entries()) {
    signal.throwIfAborted();
    if ((await findFolderAt(connection, viewer, path)) === undefined)
      throw new SluiceError("FOLDER_NOT_FOUND", { path: shownFolder(path) });
    // The files of the root need no folder of their own: nothing else can be selected beside it.
    const [above, top] = path === "/" ? ["", []] : [path, [tops[index] ?? ""]];
    for (const row of await listStoredFiles(connection, viewer, path, maxFiles + 1)) {
      const below = row.folder_path.slice(above.length).split("/").filter(Boolean);
      found.push([row, [...top, ...below, row.name]]);
    }
    if (found.length > maxFiles) throw new SluiceError("ZIP_TOO_MANY_FILES", { limit: maxFiles });
  }
  return found;
}
