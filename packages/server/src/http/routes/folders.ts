import { SluiceError } from "@sluice/protocol";
import { type BulkJob, type BulkJobProblem, operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { Config } from "../../config/config.ts";
import type { BulkJobRow } from "../../database/repositories/bulk-jobs.ts";
import { eventContextOf } from "../../events/event-context.ts";
import type { JobProgress } from "../../jobs/progress/report-progress.ts";
import type { JobProblem } from "../../library/folders/end-job.ts";
import { newFolderPath, readFolderPath, readNewFolderPath } from "../../library/folders/folder-paths.ts";
import type { FolderDeps } from "../../library/folders/manage-folders.ts";
import {
  copyFolder,
  createFolder,
  type FolderCaller,
  type FolderCopy,
  type FolderMove,
  type FolderRename,
  findFolderJob,
  moveFolder,
  removeFolder,
  renameFolder,
} from "../../library/folders/manage-folders.ts";
import { maxVersions } from "../../library/versions/add-version.ts";
import { isId } from "../../text/id.ts";
import { invalidParameter, unknownParameter } from "../../text/parameter.ts";
import { addRoute } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { whileConnected } from "../while-connected.ts";
import { trashMsFor } from "./files.ts";

type FoldersDeps = AuthDeps &
  FolderDeps & {
    readonly config: Pick<Config, "trash">;
    /** The address under which clients reach this server, without a trailing slash. */
    readonly publicUrl: () => string;
  };

/** The folders half of the media API (docs/protocol/media-api.md §3, §6.1). */
export function foldersRoutes(services: FoldersDeps): FastifyPluginAsync {
  /** The account whose folders a request is about, and the endpoints that are told of its changes. */
  function callerOf(request: FastifyRequest): FolderCaller {
    const principal = principalOfRequest(request);
    const publicUrl = services.publicUrl();
    return { accountId: principal.accountId, events: eventContextOf(principal, publicUrl), publicUrl };
  }

  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.createFolder, async (request, reply) => {
      const { accountId } = principalOfRequest(request);
      await createFolder(services, accountId, parseNewFolder(jsonObjectOf(request.body)));
      return reply.code(201).send({});
    });
    addRoute(app, operations.deleteFolder, async (request, reply) => {
      const trashMs = trashMsFor(services, request.query);
      const path = parseDeletion(jsonObjectOf(request.body));
      const caller = callerOf(request);
      await whileConnected(reply, (signal) => removeFolder(services, caller, { path, trashMs }, signal));
      return reply.code(204).send();
    });
    addRoute(app, operations.copyFolder, async (request) => {
      const copy = parseCopy(jsonObjectOf(request.body));
      return { jobId: await copyFolder(services, callerOf(request), copy) };
    });
    addRoute(app, operations.moveFolder, async (request) => {
      const move = parseMove(jsonObjectOf(request.body));
      return { jobId: await moveFolder(services, callerOf(request), move) };
    });
    addRoute(app, operations.renameFolder, async (request, reply) => {
      const rename = parseRename(jsonObjectOf(request.body));
      return reply.code(202).send({ jobId: await renameFolder(services, callerOf(request), rename) });
    });
    addRoute(app, operations.getBulkJob, async (request, reply) => {
      const { jobId } = request.params;
      if (!isId(jobId)) throw invalidParameter("jobId", "An id has 24 characters, 0 to 9 and a to f.");
      const { job, progress } = await findFolderJob(services, principalOfRequest(request).viewer, jobId);
      const shown = bulkJobObject(job, progress);
      return reply.code("message" in shown ? 207 : 200).send(shown);
    });
  };
}

/** A job as the media API shows it. A job that has ended without having done everything says why. */
function bulkJobObject(row: BulkJobRow, progress: JobProgress | undefined): BulkJob | BulkJobProblem {
  const { id: jobId, type, status, purge_id: purgeRequestId, done, total, error } = row;
  if (type === "DELETE_FOLDER") throw new Error("the media API shows no deletions");
  const job: BulkJob = {
    jobId,
    type,
    status,
    ...(purgeRequestId !== null && { purgeRequestId }),
    // What is uploaded meanwhile is dealt with as well.
    done: Math.min(done, total),
    total,
    ...(progress !== undefined && { progress }),
  };
  if (error === null) return job;
  const { message, help, reason } = describe(JSON.parse(error) as JobProblem).toJSON();
  return { ...job, message, help, reason };
}

function describe({ reason, files = 0, first = null }: JobProblem): SluiceError {
  switch (reason) {
    case "VERSION_LIMIT":
      return new SluiceError("FILES_LEFT_ALONE", { files, limit: maxVersions, first: first ?? "" });
    case "STORAGE_LIMIT":
      return new SluiceError("COPY_STOPPED_BY_STORAGE_LIMIT");
    case "PATH_LIMIT":
      return new SluiceError("JOB_STOPPED_BY_PATH_LIMIT");
    case "ACCOUNT_DISABLED":
      return new SluiceError("ACCOUNT_DISABLED");
    case "FAILED":
      return new SluiceError("BULK_JOB_FAILED");
  }
}

type Body = Readonly<Record<string, unknown>>;

/*
 * The bodies of the folder operations (docs/protocol/media-api.md §3, §6.1). A SluiceError names the first member that is
 * wrong. A member that nobody knows is refused, never ignored.
 */

/** @returns the path of the folder to create */
function parseNewFolder(body: Body): string {
  refuseUnknown(body, ["folderName", "parentFolderPath"]);
  const name = requiredText(body, "folderName");
  const parent = readNewFolderPath("parentFolderPath", requiredText(body, "parentFolderPath"));
  return newFolderPath("folderName", parent, name);
}

/** @returns the path of the folder to delete */
function parseDeletion(body: Body): string {
  refuseUnknown(body, ["folderPath"]);
  const path = existingFolder(body, "folderPath");
  if (path === "/") throw new SluiceError("ROOT_NOT_DELETABLE");
  return path;
}

function parseMove(body: Body): FolderMove {
  refuseUnknown(body, moveMembers);
  return readMove(body);
}

/** Clients call the flag `includeVersions` or `includeFileVersions`. */
function parseCopy(body: Body): FolderCopy {
  refuseUnknown(body, [...moveMembers, "includeVersions", "includeFileVersions"]);
  const flags = [flag(body, "includeVersions"), flag(body, "includeFileVersions")].filter((one) => one !== undefined);
  if (new Set(flags).size > 1) {
    throw invalid("includeFileVersions", "It is another name of includeVersions. Send one of them.");
  }
  return { ...readMove(body), allVersions: flags[0] ?? false };
}

function parseRename(body: Body): FolderRename {
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
