import type { LibraryFile, LibraryFolder } from "./library-file.ts";

/** A file or a folder of a view. */
export type Item = LibraryFile | LibraryFolder;

export function isFolder(item: Item): item is LibraryFolder {
  return item.type === "folder";
}

/** What is asked about a file, and what its failure is told by, when something is done to many. */
export type FileRef = Pick<LibraryFile, "fileId" | "name" | "filePath" | "url">;

export function refOf({ fileId, name, filePath, url }: FileRef): FileRef {
  return { fileId, name, filePath, url };
}

/** The name of an item in a selection. */
export function keyOf(item: Item): string {
  return isFolder(item) ? item.folderId : item.fileId;
}

export function pathOf(item: Item): string {
  return isFolder(item) ? item.folderPath : item.filePath;
}

export function filesAmong(items: readonly Item[]): readonly LibraryFile[] {
  return items.filter((item): item is LibraryFile => !isFolder(item));
}

export function foldersAmong(items: readonly Item[]): readonly LibraryFolder[] {
  return items.filter(isFolder);
}
