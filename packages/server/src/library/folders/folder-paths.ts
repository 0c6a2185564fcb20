import { storedFolderName, toNfc } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { Connection } from "../../database/database.ts";
import { extentOf, longestFilePath, type Tree, type TreeExtent } from "../../database/repositories/folder-trees.ts";
import { pathWithin } from "../../database/repositories/folders.ts";
import { shortened } from "../../text/shortened.ts";
import { maxFolderDepth, maxPathBytes, maxSegmentBytes, parseFolder } from "../names.ts";

/**
 * Reads the path of a folder that exists. Slashes at the ends are optional and repeated ones collapse. Names are not
 * cleaned as in uploads, since the client names exactly this folder.
 * @throws SluiceError FOLDER_NAME_IS_DOTS
 */
export function readFolderPath(text: string): string {
  const segments = toNfc(text).split("/").filter(Boolean);
  refuseDots(segments);
  return `/${segments.join("/")}`;
}

/**
 * Reads the path of a folder that is created if it is missing. Its names are cleaned as in uploads.
 * @param parameter the name of the parameter that is wrong if the path is
 * @throws SluiceError INVALID_FOLDER_PATH
 */
export function readNewFolderPath(parameter: string, text: string): string {
  refuseDots(text.split("/"));
  try {
    return parseFolder(text);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.reason !== "FOLDER_INVALID") throw error;
    // The rules of names are the same as for an upload's folder, but these operations have a reason of their own.
    throw new SluiceError("INVALID_FOLDER_PATH", { parameter, problem: error.help }, { cause: error });
  }
}

/**
 * The path of a folder with a new name. The name is spelled as `storedFolderName` spells it, so a slash becomes `_` too.
 * @throws SluiceError INVALID_FOLDER_PATH
 */
export function newFolderPath(parameter: string, parent: string, name: string): string {
  refuseDots([name]);
  return readNewFolderPath(parameter, pathWithin(parent, storedFolderName(name)));
}

/** The path of the folder that contains the folder at this path. */
export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The path of a folder for a message. A client may send any text as a path. */
export function shownFolder(path: string): string {
  return shortened(path, 1100);
}

/** Whether one path leads through the other one, or they are the same. */
export function overlap(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

/** Whether the path is that of the folder, or leads through the folder. */
export function isWithin(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

/** Returns the path that a path in one folder has once that folder is at another path. */
export function pathAfter(path: string, from: string, to: string): string {
  return `${to}${path.slice(from.length)}`;
}

/** The reason why a tree of folders has no room at a path. */
export type TreeProblem = "too deep" | "path too long";

/** Whether the folders of a tree can be at `path`. Names of files are not looked at. */
export function problemOfTree(path: string, { depth, folderBytes }: TreeExtent): TreeProblem | undefined {
  if (path.split("/").length - 1 + depth > maxFolderDepth) return "too deep";
  return Buffer.byteLength(path) + folderBytes > maxPathBytes ? "path too long" : undefined;
}

/** Whether each file of such a tree has room at `path`, whatever its name is. */
export function hasRoomForNames(path: string, { folderBytes }: TreeExtent): boolean {
  return Buffer.byteLength(path) + folderBytes + 1 + maxSegmentBytes <= maxPathBytes;
}

/** Whether a file can have this name in a folder at this path. */
export function isRoomFor(path: string, name: string): boolean {
  return Buffer.byteLength(path) + 1 + Buffer.byteLength(name) <= maxPathBytes;
}

function refuseDots(segments: readonly string[]): void {
  if (segments.some((segment) => segment === "." || segment === "..")) {
    throw new SluiceError("FOLDER_NAME_IS_DOTS");
  }
}

/**
 * Folders and files of one tree are looked at up to this number, so that a transaction stays short. A job moves a larger
 * tree in several steps, and each step looks at what it moves.
 */
const maxLookedAt = 100_000;

/** Returns the reason why the tree, with its folders and files, has no room at `path`; undefined if it has room. */
export async function problemAt(connection: Connection, tree: Tree, path: string): Promise<TreeProblem | undefined> {
  const extent = await extentOf(connection, tree, maxLookedAt);
  const problem = problemOfTree(path, extent);
  if (problem !== undefined || hasRoomForNames(path, extent)) return problem;
  const longest = await longestFilePath(connection, tree, maxLookedAt);
  const bytes = longest + Buffer.byteLength(path) - Buffer.byteLength(tree.path);
  return bytes > maxPathBytes ? "path too long" : undefined;
}
