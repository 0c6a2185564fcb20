import { viewerOfServer } from "../../access/viewer.ts";
import { effectiveLimit, type StorageUse } from "../../accounts/storage-limit.ts";
import { type Connection, Rollback } from "../../database/database.ts";
import { findAccount, lockAccount } from "../../database/repositories/accounts.ts";
import {
  type BulkJobRow,
  forgetBulkJobs,
  insertBulkJob,
  listBusyPaths,
} from "../../database/repositories/bulk-jobs.ts";
import {
  countFilesWithin,
  countFoldersBelow,
  findFolderAt,
  sumSizesWithin,
  type Tree,
} from "../../database/repositories/folder-trees.ts";
import { ensureFolder } from "../../database/repositories/folders.ts";
import { insertPurge } from "../../database/repositories/purges.ts";
import type { EventContext } from "../../events/event-context.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { assertStorage } from "../content/storage-room.ts";
import { purgeFilesKind } from "../purges/job-kinds.ts";
import type { StartAgain } from "../versions/enter-version.ts";
import { takeStep } from "./advance-job.ts";
import { endedJob, problemOf } from "./end-job.ts";
import { isWithin, overlap, parentPath, problemAt, type TreeProblem } from "./folder-paths.ts";
import { folderJobKind } from "./job-kinds.ts";
import { startOf } from "./job-position.ts";

/** The time for which a client can ask for the status of a job. */
const keepMs = 90 * 24 * 3600 * 1000;

export interface FolderJobToStart {
  readonly jobId: string;
  readonly accountId: string;
  readonly type: BulkJobRow["type"];
  readonly source: string;
  /** The path that the folder, or its copy, is to have; null for a deletion. */
  readonly target: string | null;
  readonly allVersions: boolean;
  /** The time for which deleted files stay in the trash; null if they are deleted for good. */
  readonly trashMs: number | null;
  /** The id of the purge that follows a rename; null for none. */
  readonly purgeId: string | null;
  /** The largest number of files and folders in the source; null for no limit. */
  readonly maxObjects: number | null;
  /** The server's limit, for an account without a limit of its own; 0 for none. */
  readonly storageLimit: number;
  readonly publicUrl: string;
  readonly events: EventContext | undefined;
  readonly now: number;
}

export type FolderJobRefusal =
  | {
      readonly outcome:
        | "account disabled"
        | "no folder"
        | "source locked"
        | "target locked"
        | "name taken"
        | "into itself"
        | "onto a parent"
        | "too many objects"
        | TreeProblem;
    }
  | ({ readonly outcome: "storage limit" } & StorageUse);

export type FolderJobOutcome = { readonly outcome: "ended" | "started" } | StartAgain | FolderJobRefusal;

/**
 * Starts a job on a folder and does its first step. A small job ends with that, in this one transaction. A larger one
 * keeps its paths locked until it ends, and a worker does the rest.
 */
export async function startFolderJob(connection: Connection, input: FolderJobToStart): Promise<FolderJobOutcome> {
  const { accountId, jobId, type, source, target, purgeId, now } = input;
  const account = await lockAccount(connection, { id: accountId });
  if (account?.status !== "active") return { outcome: "account disabled" };
  const tree = { accountId, path: source };
  const total = await assertStartable(connection, input, tree);
  if (target !== null) await ensureFolder(connection, accountId, parentPath(target), now);
  const job: BulkJobRow = {
    id: jobId,
    account_id: accountId,
    type,
    status: "Pending",
    source_path: source,
    target_path: target,
    all_versions: input.allVersions ? 1 : 0,
    trash_ms: input.trashMs,
    purge_id: purgeId,
    public_url: input.publicUrl,
    progress: "",
    done: 0,
    total,
    error: null,
    created_at: now,
    ended_at: null,
  };
  const first = { ...job, position: startOf(source) };
  const { position, done, finished, problem } = await takeStep(connection, first, input);
  const after = { ...job, done, progress: JSON.stringify(position) };
  await forgetBulkJobs(connection, accountId, now - keepMs);
  if (purgeId !== null) await insertPurge(connection, { ...purgeOf(input), id: purgeId });
  if (!finished) {
    await insertBulkJob(connection, after);
    await enqueueJob(connection, folderJobKind, { jobId }, { lane: accountId });
    return { outcome: "started" };
  }
  // Nobody can ask for the status of a deletion.
  if (type !== "DELETE_FOLDER") {
    await insertBulkJob(connection, { ...after, ...endedJob(after, problemOf(position, problem), now) });
    if (purgeId !== null) await enqueueJob(connection, purgeFilesKind, { purgeId });
  }
  return { outcome: "ended" };
}

startFolderJob.makesRoom = ({ type }: FolderJobToStart) => type === "DELETE_FOLDER";

function purgeOf({ accountId, target, now }: FolderJobToStart) {
  return { account_id: accountId, path_prefix: `${target}/`, created_at: now, completed_at: null };
}

/**
 * Rolls the transaction back with a refusal, unless the job can start.
 * @returns the number of files and folders that the job deals with. A rename touches folders alone.
 */
async function assertStartable(connection: Connection, input: FolderJobToStart, tree: Tree): Promise<number> {
  const { accountId, source, target, type, maxObjects } = input;
  const viewer = viewerOfServer(accountId);
  const refuse = (refusal: FolderJobRefusal): never => {
    throw new Rollback(refusal);
  };
  if ((await findFolderAt(connection, viewer, tree.path)) === undefined) return refuse({ outcome: "no folder" });
  const busy = await listBusyPaths(connection, accountId);
  if (busy.some((path) => overlap(path, source))) return refuse({ outcome: "source locked" });
  if (target !== null) {
    if (busy.some((path) => overlap(path, target))) return refuse({ outcome: "target locked" });
    if (type === "MOVE_FOLDER" && isWithin(target, source)) return refuse({ outcome: "into itself" });
    if (isWithin(source, target)) return refuse({ outcome: "onto a parent" });
    const there = type === "RENAME_FOLDER" ? await findFolderAt(connection, viewer, target) : undefined;
    if (there !== undefined) return refuse({ outcome: "name taken" });
  }
  const max = maxObjects ?? maxCounted;
  const folders = await countFoldersBelow(connection, tree, max + 1);
  const files = maxObjects === null ? 0 : await countFilesWithin(connection, tree, max + 1);
  if (maxObjects !== null && folders + files > maxObjects) return refuse({ outcome: "too many objects" });
  const problem = target === null ? undefined : await problemAt(connection, tree, target);
  if (problem !== undefined) return refuse({ outcome: problem });
  if (type === "COPY_FOLDER") await assertRoom(connection, input, tree);
  return folders + files + 1;
}

/** The folders of a rename, and the versions of a copy, are counted up to here, so that the transaction stays short. */
const maxCounted = 100_000;

/** Refuses a copy for which there is no room at all. Each step looks again. */
async function assertRoom(
  connection: Connection,
  { accountId, allVersions, storageLimit, now }: FolderJobToStart,
  tree: Tree,
): Promise<void> {
  const account = await findAccount(connection, { id: accountId });
  if (effectiveLimit(account?.storage_limit ?? null, storageLimit) === undefined) return;
  const size = await sumSizesWithin(connection, tree, { allVersions, limit: maxCounted });
  await assertStorage(connection, accountId, { size, standard: storageLimit, now });
}
