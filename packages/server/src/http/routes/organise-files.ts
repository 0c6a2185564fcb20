import { toNfc } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import { type RenameRequest, renameFile } from "../../delivery/purge/rename-file.ts";
import type { FilePath } from "../../library/files/lock-places.ts";
import { type CopyRequest, copyFile, moveFile } from "../../library/files/organise-files.ts";
import { joinPath, maxPathBytes, parseFileName, parseFolder } from "../../library/names.ts";
import { assertKnownMembers, ParameterProblem } from "../../text/parameter.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { type CallerDeps, changeOf } from "./files.ts";

type OrganiseDeps = AuthDeps &
  Pick<CallerDeps, "now" | "publicUrl"> &
  DepsOf<typeof copyFile> &
  DepsOf<typeof moveFile> &
  DepsOf<typeof renameFile>;

/** The calls that copy, move and rename a file (docs/protocol/media-api.md §5.3, §5.4). */
export function organiseFilesRoutes(services: OrganiseDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.copyFile, async (request, reply) => {
      const asked = parseCopy(jsonObjectOf(request.body));
      await copyFile(services, principalOfRequest(request), asked, changeOf(services, request));
      return reply.code(204).send();
    });
    addRoute(app, operations.moveFile, async (request, reply) => {
      const asked = parseMove(jsonObjectOf(request.body));
      await moveFile(services, principalOfRequest(request), asked, changeOf(services, request));
      return reply.code(204).send();
    });
    addRoute(app, operations.renameFile, async (request, reply) => {
      const asked = parseRename(jsonObjectOf(request.body));
      const change = changeOf(services, request);
      const { purgeRequestId, unpurged } = await renameFile(services, principalOfRequest(request), asked, change);
      if (unpurged !== undefined) return reply.code(207).send(unpurged.toJSON());
      return purgeRequestId === undefined ? {} : { purgeRequestId };
    });
  };
}

type Body = Readonly<Record<string, unknown>>;

/**
 * Parses the body of `POST /v1/files/copy` (docs/protocol/media-api.md §5.3).
 * @throws SluiceError MISSING_PARAMETER, INVALID_FOLDER_PATH, SAME_SOURCE_AND_DESTINATION, PARAMETER_INVALID
 */
function parseCopy(body: Body): CopyRequest {
  assertKnownMembers(body, ["sourceFilePath", "destinationPath", "includeFileVersions"]);
  const places = parsePlaces(body);
  return { ...places, includeVersions: readFlag(body, "includeFileVersions", "MISSING_PARAMETER") };
}

/**
 * Parses the body of `POST /v1/files/move`.
 * @throws SluiceError MISSING_PARAMETER, INVALID_FOLDER_PATH, SAME_SOURCE_AND_DESTINATION, PARAMETER_INVALID
 */
function parseMove(body: Body): Omit<CopyRequest, "includeVersions"> {
  assertKnownMembers(body, ["sourceFilePath", "destinationPath"]);
  return parsePlaces(body);
}

/**
 * Parses the body of `PUT /v1/files/rename` (docs/protocol/media-api.md §5.4). The new name is cleaned as an upload's.
 * @throws SluiceError MISSING_PARAMETER, INVALID_PARAMETER, SAME_OLD_AND_NEW_NAME, PARAMETER_INVALID
 */
function parseRename(body: Body): RenameRequest {
  assertKnownMembers(body, ["filePath", "newFileName", "purgeCache"]);
  const from = readPath(body, "filePath", "INVALID_PARAMETER");
  const newName = parseNewName(readText(body, "newFileName", "INVALID_PARAMETER"));
  if (newName === from.name) throw new SluiceError("SAME_OLD_AND_NEW_NAME");
  if (isTooLong({ ...from, name: newName })) throw invalid("INVALID_PARAMETER", "newFileName", tooLong);
  return { from, newName, purgeCache: readFlag(body, "purgeCache", "INVALID_PARAMETER") };
}

/**
 * Splits the path of a file. Names are not cleaned as in uploads, since the client asks for exactly this file; slashes
 * that mean nothing are left out.
 */
function parseFilePath(text: string): FilePath {
  const segments = toNfc(text).split("/").filter(Boolean);
  return { folder: `/${segments.slice(0, -1).join("/")}`, name: segments.at(-1) ?? "" };
}

function parsePlaces(body: Body): Omit<CopyRequest, "includeVersions"> {
  const from = readPath(body, "sourceFilePath", "MISSING_PARAMETER");
  const folder = parseDestination(readText(body, "destinationPath", "MISSING_PARAMETER"));
  if (folder === from.folder) throw new SluiceError("SAME_SOURCE_AND_DESTINATION");
  if (isTooLong({ folder, name: from.name })) {
    throw new SluiceError("INVALID_FOLDER_PATH", { parameter: "destinationPath", problem: tooLong });
  }
  return { from, folder };
}

const tooLong = `The path of the file must not exceed ${maxPathBytes} bytes in UTF-8.`;

function isTooLong({ folder, name }: FilePath): boolean {
  return Buffer.byteLength(joinPath(folder, name)) > maxPathBytes;
}

function parseDestination(text: string): string {
  try {
    return parseFolder(text);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new SluiceError("INVALID_FOLDER_PATH", { parameter: "destinationPath", problem: error.help });
  }
}

function parseNewName(text: string): string {
  try {
    return parseFileName(text);
  } catch (error) {
    if (!(error instanceof ParameterProblem)) throw error;
    throw invalid("INVALID_PARAMETER", "newFileName", error.problem);
  }
}

/** The reason that a call's protocol has for a value of the wrong kind. */
type WrongKind = "MISSING_PARAMETER" | "INVALID_PARAMETER";

function readText(body: Body, parameter: string, wrongKind: WrongKind): string {
  const value = body[parameter];
  if (value === undefined || value === null || value === "") {
    throw new SluiceError("MISSING_PARAMETER", { problem: `Send ${parameter}, a text that is not empty.` });
  }
  if (typeof value !== "string") throw invalid(wrongKind, parameter, "It must be a string.");
  return value;
}

function readPath(body: Body, parameter: string, wrongKind: WrongKind): FilePath {
  const text = readText(body, parameter, wrongKind);
  // No file has it in its path, and PostgreSQL takes no text with it.
  if (text.includes("\0")) throw invalid(wrongKind, parameter, "It must not contain the character U+0000.");
  return parseFilePath(text);
}

function readFlag(body: Body, parameter: string, wrongKind: WrongKind): boolean {
  const { [parameter]: value = false } = body;
  if (typeof value !== "boolean") throw invalid(wrongKind, parameter, "It must be true or false.");
  return value;
}

function invalid(reason: WrongKind, parameter: string, problem: string): SluiceError {
  return reason === "MISSING_PARAMETER"
    ? new SluiceError(reason, { problem: `${parameter} is invalid. ${problem}` })
    : new SluiceError(reason, { parameter, problem });
}
