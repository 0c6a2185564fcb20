import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "@sluice/protocol";
import type { Viewer } from "../../access/viewer.ts";
import { storageExceeded } from "../../accounts/storage-limit.ts";
import type { Config } from "../../config/config.ts";
import type { Connection, Database } from "../../database/database.ts";
import { holdActiveAccount } from "../../database/repositories/accounts.ts";
import { type BulkJobRow, findBulkJob } from "../../database/repositories/bulk-jobs.ts";
import { ensureFolder } from "../../database/repositories/folders.ts";
import type { EventContext } from "../../events/event-context.ts";
import { findProgress } from "../../jobs/progress/find-progress.ts";
import type { JobProgress } from "../../jobs/progress/report-progress.ts";
import { isId, newId } from "../../text/id.ts";
import { untilDone } from "../files/organise-files.ts";
import { nameOf, newFolderPath, parentPath, readNewFolderPath, shownFolder } from "./folder-paths.ts";
import { folderJobKind } from "./job-kinds.ts";
import { type FolderJobRefusal, type FolderJobToStart, startFolderJob } from "./start-job.ts";

/** The parts that are needed to organise folders. */
export interface FolderDeps {
  readonly config: { readonly limits: Pick<Config["limits"], "folderObjects" | "storageBytes"> };
  readonly database: Pick<Database, "reader" | "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** Creates a folder unless it is there, parents included. */
export async function createFolderTransaction(
  connection: Connection,
  { accountId, path, now }: { readonly accountId: string; readonly path: string; readonly now: number },
): Promise<"done" | "account disabled"> {
  if (!(await holdActiveAccount(connection, accountId))) return "account disabled";
  await ensureFolder(connection, accountId, path, now);
  return "done";
}

/** The account whose folders they are, and the endpoints that are told of a change. */
export interface FolderCaller {
  readonly accountId: string;
  readonly events: EventContext | undefined;
  readonly publicUrl: string;
}

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

/** Creates a folder unless it is there. @throws SluiceError ACCOUNT_DISABLED */
export async function createFolder(
  { database, now }: Pick<FolderDeps, "database" | "now">,
  accountId: string,
  path: string,
): Promise<void> {
  const outcome = await database.run(createFolderTransaction, { accountId, path, now: now() });
  if (outcome === "account disabled") throw new SluiceError("ACCOUNT_DISABLED");
}

/** @returns the job's id @throws SluiceError for a refusal */
export async function copyFolder(deps: FolderDeps, caller: FolderCaller, copy: FolderCopy): Promise<string> {
  const { source, destination, allVersions } = copy;
  const limit = deps.config.limits.folderObjects;
  const { jobId, result } = await start(deps, caller, {
    ...intoFolder("COPY_FOLDER", source, destination),
    allVersions,
    maxObjects: limit,
  });
  if (isRefusal(result)) throw refusalOf(result, { source, limit, parameter: "destinationPath" });
  return jobId;
}

/** @returns the job's id @throws SluiceError for a refusal */
export async function moveFolder(deps: FolderDeps, caller: FolderCaller, move: FolderMove): Promise<string> {
  const { source, destination } = move;
  const limit = deps.config.limits.folderObjects;
  const { jobId, result } = await start(deps, caller, {
    ...intoFolder("MOVE_FOLDER", source, destination),
    maxObjects: limit,
  });
  if (isRefusal(result)) throw refusalOf(result, { source, limit, parameter: "destinationPath" });
  return jobId;
}

/** @returns the job's id @throws SluiceError for a refusal */
export async function renameFolder(deps: FolderDeps, caller: FolderCaller, rename: FolderRename): Promise<string> {
  const { path, newName, purgeCache } = rename;
  const limit = deps.config.limits.folderObjects;
  const target = newFolderPath("newFolderName", parentPath(path), newName);
  if (target === path) throw new SluiceError("SAME_OLD_AND_NEW_FOLDER_NAME");
  const purgeId = purgeCache ? newId(deps.now()) : null;
  const { jobId, result } = await start(deps, caller, { type: "RENAME_FOLDER", source: path, target, purgeId });
  if (!isRefusal(result)) return jobId;
  if (result.outcome === "no folder") throw new SluiceError("SOURCE_FOLDER_MISSING");
  if (result.outcome === "name taken") throw new SluiceError("FOLDER_ALREADY_EXISTS", { name: nameOf(target) });
  throw refusalOf(result, { source: path, limit, parameter: "newFolderName" });
}

/**
 * Deletes a folder with all that is in it, and resolves once everything is gone. Its files go into the trash for
 * `trashMs`, unless that is null. When the client goes away, the deletion goes on.
 * @throws SluiceError for a refusal; the signal's reason
 */
export async function removeFolder(
  deps: FolderDeps,
  caller: FolderCaller,
  { path, trashMs }: { readonly path: string; readonly trashMs: number | null },
  signal: AbortSignal,
): Promise<void> {
  const limit = deps.config.limits.folderObjects;
  const { jobId, result } = await start(deps, caller, {
    type: "DELETE_FOLDER",
    source: path,
    target: null,
    trashMs,
    maxObjects: limit,
  });
  if (isRefusal(result)) {
    if (result.outcome === "no folder") throw new SluiceError("FOLDER_NOT_FOUND", { path: shownFolder(path) });
    throw refusalOf(result, { source: path, limit, parameter: "folderPath" });
  }
  if (result.outcome === "started") await waitForEnd(deps, jobId, signal);
}

/**
 * Finds a job, and how far it is, if it has not ended and has told that.
 * @throws SluiceError BULK_JOB_NOT_FOUND
 */
export async function findFolderJob(
  { database: { reader } }: { readonly database: Pick<FolderDeps["database"], "reader"> },
  viewer: Viewer,
  jobId: string,
): Promise<{ readonly job: BulkJobRow; readonly progress: JobProgress | undefined }> {
  const job = isId(jobId) ? await findBulkJob(reader, jobId) : undefined;
  // The id of a deletion is told to nobody.
  if (job?.account_id !== viewer.accountId || job.type === "DELETE_FOLDER") throw new SluiceError("BULK_JOB_NOT_FOUND");
  return { job, progress: job.status === "Pending" ? await findProgress(reader, folderJobKind, jobId) : undefined };
}

/** The place of a folder that is moved or copied into another one. @throws SluiceError */
function intoFolder(type: "COPY_FOLDER" | "MOVE_FOLDER", source: string, destination: string) {
  const target = readNewFolderPath("destinationPath", `${destination}/${nameOf(source)}`);
  if (destination === source || target === source) throw new SluiceError("FOLDER_IS_DESTINATION");
  return { type, source, target } as const;
}

type JobToStart = Pick<FolderJobToStart, "type" | "source" | "target"> &
  Partial<Pick<FolderJobToStart, "allVersions" | "trashMs" | "purgeId" | "maxObjects">>;

async function start({ config, database, now }: FolderDeps, caller: FolderCaller, job: JobToStart) {
  const jobId = newId(now());
  const result = await untilDone(() =>
    database.run(startFolderJob, {
      ...{ allVersions: false, trashMs: null, purgeId: null, maxObjects: null, ...job },
      ...{ ...caller, jobId, storageLimit: config.limits.storageBytes, now: now() },
    }),
  );
  return { jobId, result };
}

type StartResult = Awaited<ReturnType<typeof start>>["result"];

function isRefusal(result: StartResult): result is FolderJobRefusal {
  return result.outcome !== "started" && result.outcome !== "ended";
}

function refusalOf(
  refusal: FolderJobRefusal,
  { source, limit, parameter }: { readonly source: string; readonly limit: number; readonly parameter: string },
): SluiceError {
  switch (refusal.outcome) {
    case "account disabled":
      return new SluiceError("ACCOUNT_DISABLED");
    case "no folder":
    case "name taken":
      return new SluiceError("NO_FILES_FOLDER", { path: shownFolder(source) });
    case "source locked":
      return new SluiceError("FOLDER_LOCKED");
    case "target locked":
      return new SluiceError("DESTINATION_LOCKED");
    case "into itself":
      return new SluiceError("INVALID_DESTINATION_PATH");
    case "onto a parent":
      return new SluiceError("DESTINATION_CONTAINS_SOURCE");
    case "too many objects":
      return new SluiceError("TOO_MANY_OBJECTS", { limit });
    case "storage limit":
      return storageExceeded(refusal);
    case "too deep":
    case "path too long":
      return new SluiceError("INVALID_FOLDER_PATH", { parameter, problem: problems[refusal.outcome] });
  }
}

const problems = {
  "too deep": "The folders would nest too deep at the destination: 50 levels are the limit.",
  "path too long": "A path at the destination would be too long: 1,024 bytes in UTF-8 are the limit.",
} as const;

const pollMs = { first: 20, max: 500 } as const;

async function waitForEnd(
  { database }: Pick<FolderDeps, "database">,
  jobId: string,
  signal: AbortSignal,
): Promise<void> {
  for (let wait: number = pollMs.first; ; wait = Math.min(2 * wait, pollMs.max)) {
    await sleep(wait, undefined, { signal });
    const job = await findBulkJob(database.reader, jobId);
    // The record of a deletion goes with its account.
    if (job === undefined || (job.status === "Completed" && job.error === null)) return;
    if (job.status === "Completed") throw new SluiceError("STORAGE_UNAVAILABLE");
  }
}
