import { SluiceError } from "@sluice/protocol";
import { unknownParameter } from "../../text/parameter.ts";
import { newFolderPath, readFolderPath, readNewFolderPath } from "./folder-paths.ts";

type Body = Readonly<Record<string, unknown>>;

export interface FolderMove {
  /** The path of a folder. */
  readonly source: string;
  /** The path of the folder that the source is put into. */
  readonly destination: string;
}

export interface FolderCopy extends FolderMove {
  readonly allVersions: boolean;
}

export interface FolderRename {
  readonly path: string;
  readonly newName: string;
  readonly purgeCache: boolean;
}

/*
 * The bodies of the folder operations (docs/protocol/media-api.md §3, §6.1). A SluiceError names the first member that is
 * wrong. A member that nobody knows is refused, never ignored.
 */

/** @returns the path of the folder to create */
export function parseNewFolder(body: Body): string {
  refuseUnknown(body, ["folderName", "parentFolderPath"]);
  const name = requiredText(body, "folderName");
  const parent = readNewFolderPath("parentFolderPath", requiredText(body, "parentFolderPath"));
  return newFolderPath("folderName", parent, name);
}

/** @returns the path of the folder to delete */
export function parseDeletion(body: Body): string {
  refuseUnknown(body, ["folderPath"]);
  const path = existingFolder(body, "folderPath");
  if (path === "/") throw new SluiceError("ROOT_NOT_DELETABLE");
  return path;
}

export function parseMove(body: Body): FolderMove {
  refuseUnknown(body, moveMembers);
  return readMove(body);
}

/** Clients call the flag `includeVersions` or `includeFileVersions`. */
export function parseCopy(body: Body): FolderCopy {
  refuseUnknown(body, [...moveMembers, "includeVersions", "includeFileVersions"]);
  const flags = [flag(body, "includeVersions"), flag(body, "includeFileVersions")].filter((one) => one !== undefined);
  if (new Set(flags).size > 1) {
    throw invalid("includeFileVersions", "It is another name of includeVersions. Send one of them.");
  }
  return { ...readMove(body), allVersions: flags[0] ?? false };
}

export function parseRename(body: Body): FolderRename {
  refuseUnknown(body, ["folderPath", "newFolderName", "purgeCache"]);
  if (isMissing(body.folderPath)) throw new SluiceError("FOLDER_PATH_MISSING");
  const path = existingFolder(body, "folderPath");
  if (path === "/") throw new SluiceError("ROOT_NOT_RENAMABLE");
  return { path, newName: requiredText(body, "newFolderName"), purgeCache: flag(body, "purgeCache") ?? false };
}

const moveMembers = ["sourceFolderPath", "destinationPath"] as const;

function readMove(body: Body): FolderMove {
  const source = existingFolder(body, "sourceFolderPath");
  const destination = readNewFolderPath("destinationPath", requiredText(body, "destinationPath"));
  if (source === "/") throw new SluiceError("SOURCE_IS_ROOT");
  return { source, destination };
}

function requiredText(body: Body, name: string): string {
  const value = body[name];
  if (isMissing(value)) throw new SluiceError("MISSING_PARAMETER", { problem: `The parameter ${name} is missing.` });
  if (typeof value !== "string") throw invalid(name, "It must be a string.");
  return value;
}

function existingFolder(body: Body, name: string): string {
  const text = requiredText(body, name);
  // No folder has it in its path, and PostgreSQL takes no text with it.
  if (text.includes("\0")) throw invalid(name, "It must not contain the character U+0000.");
  return readFolderPath(text);
}

function flag(body: Body, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || typeof value === "boolean") return value;
  throw invalid(name, "It must be true or false.");
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function refuseUnknown(body: Body, known: readonly string[]): void {
  for (const name of Object.keys(body)) if (!known.includes(name)) throw unknownParameter(name, known);
}

function invalid(parameter: string, problem: string): SluiceError {
  return new SluiceError("INVALID_PARAMETER", { parameter, problem });
}
