import { SluiceError } from "@sluice/protocol";
import { isWithin, readFolderPath } from "../library/folders/folder-paths.ts";
import { assertKnownMembers, invalidParameter } from "../text/parameter.ts";

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
