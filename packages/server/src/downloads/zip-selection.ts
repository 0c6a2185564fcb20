import { SluiceError } from "@sluice/protocol";
import { isWithin, readFolderPath } from "../library/folders/folder-paths.ts";
import { assertKnownMembers, invalidParameter } from "../text/parameter.ts";
import { folded, safeSegment, splitExtension } from "../text/safe-segment.ts";

/** The files and folders that a ZIP is made of. Nothing says yet that they exist. */
export interface ZipSelection {
  readonly fileIds: readonly string[];
  /** The paths of folders, none of which lies in another one. */
  readonly folderPaths: readonly string[];
}

/** Each folder is a query of its own. */
const maxFolders = 100;

/**
 * Parses the body of `POST /_sluice/zip-downloads`.
 * @throws SluiceError PARAMETER_INVALID, FOLDER_NAME_IS_DOTS, ZIP_EMPTY, ZIP_TOO_MANY_FILES
 */
export function parseZipSelection(body: Readonly<Record<string, unknown>>, maxFiles: number): ZipSelection {
  assertKnownMembers(body, ["fileIds", "folderPaths"]);
  const fileIds = [...new Set(textsIn(body, "fileIds"))];
  const folderPaths = [...new Set(textsIn(body, "folderPaths").map(folderIn))];
  if (fileIds.length + folderPaths.length === 0) throw new SluiceError("ZIP_EMPTY");
  if (fileIds.length > maxFiles) throw new SluiceError("ZIP_TOO_MANY_FILES", { limit: maxFiles });
  if (folderPaths.length > maxFolders) {
    throw invalidParameter("folderPaths", `Send a maximum of ${maxFolders} folders.`);
  }
  return { fileIds, folderPaths: outermost(folderPaths) };
}

function textsIn(body: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = body[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw invalidParameter(name, "It must be an array of strings.");
}

function folderIn(path: string): string {
  // No folder has it in its path, and PostgreSQL takes no text with it.
  if (path.includes("\0")) throw invalidParameter("folderPaths", "A path must not contain the character U+0000.");
  if (path === "") throw invalidParameter("folderPaths", "A path must not be empty. The path of the root folder is /.");
  return readFolderPath(path);
}

function outermost(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && isWithin(path, other)));
}

/** A file with the place that it should have in an archive: names of folders, and its own name at the end. */
export type Segments = readonly string[];

/**
 * The paths of files in an archive, in the order of the files. No path leads out of the folder in which the archive is
 * unpacked, whatever the names are, and none is another file's or another folder's: a name that comes twice gets a
 * number. Names that differ in upper and lower case alone count as the same, since many disks take them for the same.
 */
export function entryPaths(files: readonly Segments[]): string[] {
  const places = files.map((segments) => segments.map(safeSegment));
  const taken = new TakenPaths(places.flatMap(foldersOf));
  return places.map((segments) => taken.take(segments.join("/")));
}

/** Names that are not taken among themselves, in their order. */
export function distinctNames(names: readonly string[]): string[] {
  return entryPaths(names.map((name) => [name]));
}

function foldersOf(segments: readonly string[]): string[] {
  return segments.slice(0, -1).map((_, index) => segments.slice(0, index + 1).join("/"));
}

class TakenPaths {
  readonly #taken: Set<string>;
  /** The number to try next for a path that is taken. Thousands of files may have one name. */
  readonly #next = new Map<string, number>();

  constructor(folders: readonly string[]) {
    this.#taken = new Set(folders.map(folded));
  }

  /** @returns the path, with a number where it is taken */
  take(path: string): string {
    const key = folded(path);
    let free = path;
    for (let number = this.#next.get(key) ?? 2; this.#taken.has(folded(free)); number++) {
      free = numbered(path, number);
      this.#next.set(key, number + 1);
    }
    this.#taken.add(folded(free));
    return free;
  }
}

function numbered(path: string, number: number): string {
  const start = path.lastIndexOf("/") + 1;
  const { stem, extension } = splitExtension(path.slice(start));
  return `${path.slice(0, start)}${stem} (${number})${extension}`;
}
