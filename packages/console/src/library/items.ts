import type { LibraryFile, LibraryFolder } from "./library-file.ts";
import { parentOf } from "./library-state.ts";

/** A file or a folder of a view. */
export type Item = LibraryFile | LibraryFolder;

export function isFolder(item: Item): item is LibraryFolder {
  return item.type === "folder";
}

/** The name of an item in a selection. */
export function keyOf(item: Item): string {
  return isFolder(item) ? item.folderId : item.fileId;
}

export function pathOf(item: Item): string {
  return isFolder(item) ? item.folderPath : item.filePath;
}

/** Whether all items may go into the folder. No folder goes into itself or below itself, and nothing goes where it is. */
export function mayPlace(items: readonly Item[], folder: string): boolean {
  return items.every((item) => {
    const path = pathOf(item);
    const isInside = isFolder(item) && `${folder}/`.startsWith(`${path}/`);
    return !isInside && parentOf(path) !== folder;
  });
}

export function filesAmong(items: readonly Item[]): readonly LibraryFile[] {
  return items.filter((item): item is LibraryFile => !isFolder(item));
}

export function foldersAmong(items: readonly Item[]): readonly LibraryFolder[] {
  return items.filter(isFolder);
}
