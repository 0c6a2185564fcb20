import { type FileRef, filesAmong, foldersAmong, type Item, isFolder, pathOf, refOf } from "./items.ts";
import type { LibraryFile, LibraryFolder } from "./library-file.ts";
import { parentOf } from "./library-state.ts";
import type { Span } from "./span.ts";

/** Files and folders to which something is done. Files that the view has not loaded may be among them. */
export interface Choice {
  /** The number of items; undefined while nobody knows it. */
  readonly count: number | undefined;
  /** The number of files among them; undefined while nobody knows it. */
  readonly fileCount: number | undefined;
  readonly folders: readonly LibraryFolder[];
  /** Whether these are all of the chosen folders. While others load, nothing can be done to the choice. */
  readonly areFoldersKnown: boolean;
  /** The files that were chosen one by one. */
  readonly files: readonly LibraryFile[];
  /** Further files, which follow each other in the list. */
  readonly span: Span | undefined;
  /** Asks for all files. @param tell is told how many have been found */
  collect(signal: AbortSignal, tell?: (found: number) => void): Promise<readonly FileRef[]>;
}

export function choiceOf(items: readonly Item[]): Choice {
  const files = filesAmong(items);
  return {
    count: items.length,
    fileCount: files.length,
    folders: foldersAmong(items),
    areFoldersKnown: true,
    files,
    span: undefined,
    collect: async () => files.map(refOf),
  };
}

/** The choice without its folders. */
export function filesAlone(choice: Choice): Choice {
  return { ...choice, folders: [], areFoldersKnown: true, count: choice.fileCount };
}

/** The item of a choice that has only one. */
export function onlyOf({ count, files, folders, span }: Choice): Item | undefined {
  return count === 1 && span === undefined ? (files[0] ?? folders[0]) : undefined;
}

/** Whether the choice may go into the folder. No folder goes into itself or below itself, and nothing goes where it is. */
export function mayPlace({ folders, files, span }: Choice, folder: string): boolean {
  if (span?.listing.path === folder) return false;
  return [...folders, ...files].every((item) => {
    const path = pathOf(item);
    const isInside = isFolder(item) && `${folder}/`.startsWith(`${path}/`);
    return !isInside && parentOf(path) !== folder;
  });
}
