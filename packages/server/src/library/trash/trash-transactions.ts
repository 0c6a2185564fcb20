import type { Connection } from "../../database/database.ts";
import { lockStorageParts } from "../../database/repositories/account-storage.ts";
import { holdActiveAccount } from "../../database/repositories/accounts.ts";
import {
  countTrashedVersions,
  deleteTrashedFiles,
  latestTrashing,
  lockTrashedFiles,
  pageOverdueTrash,
  pageTrashedUntil,
} from "../../database/repositories/trash.ts";
import { type EventContext, findEventContext } from "../../events/event-context.ts";
import { recordEvents } from "../../events/record-event.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { isId } from "../../text/id.ts";
import { joinPath } from "../names.ts";
import { emptyTrashKind } from "./job-kinds.ts";

/** The largest number of files in the trash that one transaction looks at. */
const trashedFilesPerStep = 200;
/** The number of versions with which a transaction takes no further files. */
const versionsPerStep = 400;

interface TrashedFilesToDelete {
  readonly accountId: string;
  readonly fileIds: readonly string[];
  readonly events: EventContext | undefined;
  readonly now: number;
}

/**
 * Deletes files in the trash for good, each as one event, until the transaction has deleted enough. A file that is not
 * in the trash any more counts as deleted.
 * @returns the files that are left to another transaction
 */
async function deleteTrashed(
  connection: Connection,
  { accountId, fileIds, events, now }: TrashedFilesToDelete,
): Promise<{ readonly deleted: number; readonly left: readonly string[] }> {
  const chosen = await chooseFiles(connection, fileIds);
  const files = await lockTrashedFiles(connection, accountId, chosen);
  const ids = files.map(({ id }) => id);
  await lockStorageParts(connection, accountId, ids);
  await deleteTrashedFiles(connection, ids);
  const deleted = files.map(({ id: fileId, folder_path: folder, name }) => {
    return { type: "sluice.trash.deleted", data: () => ({ fileId, filePath: joinPath(folder, name) }) } as const;
  });
  await recordEvents(connection, events, deleted, now);
  return { deleted: ids.length, left: fileIds.slice(chosen.length) };
}

async function chooseFiles(connection: Connection, fileIds: readonly string[]): Promise<string[]> {
  const candidates = fileIds.slice(0, trashedFilesPerStep);
  const counts = await countTrashedVersions(connection, candidates);
  let versions = 0;
  const end = candidates.findIndex((id) => {
    const isFull = versions >= versionsPerStep;
    versions += counts.get(id) ?? 0;
    return isFull;
  });
  return end === -1 ? candidates : candidates.slice(0, end);
}

interface Change {
  readonly accountId: string;
  /** The endpoints that are told of the change. */
  readonly events?: EventContext | undefined;
  readonly now: number;
}

interface TrashedFilesTarget extends Change {
  /** Each once. A malformed one is the id of no file. */
  readonly fileIds: readonly string[];
  /** Whether all of them have to be in the trash. Those that earlier transactions of the same request left have been. */
  readonly mustExist: boolean;
}

type DeleteFromTrashOutcome =
  | { readonly outcome: "done" /** The files for another transaction. */; readonly left: readonly string[] }
  | { readonly outcome: "missing"; readonly fileIds: readonly string[] }
  | { readonly outcome: "account disabled" };

/** Deletes files in the trash for good, as many as one transaction takes. */
export async function deleteFromTrashTransaction(
  connection: Connection,
  { accountId, fileIds, mustExist, events, now }: TrashedFilesTarget,
): Promise<DeleteFromTrashOutcome> {
  if (!(await holdActiveAccount(connection, accountId))) return { outcome: "account disabled" };
  if (mustExist) {
    const locked = await lockTrashedFiles(connection, accountId, fileIds.filter(isId));
    const there = new Set(locked.map(({ id }) => id));
    const missing = fileIds.filter((id) => !there.has(id));
    if (missing.length > 0) return { outcome: "missing", fileIds: missing };
  }
  const { left } = await deleteTrashed(connection, { accountId, fileIds, events, now });
  return { outcome: "done", left };
}

deleteFromTrashTransaction.makesRoom = true;

type EmptyTrashOutcome =
  | { readonly outcome: "done" /** Whether a job deletes the rest. */; readonly isUnderWay: boolean }
  | { readonly outcome: "account disabled" };

/**
 * Empties an account's trash. What one transaction can't delete is left to a job. A file that is put into the trash
 * later stays there, unless the transaction that does so has begun before (docs/trash.md).
 */
export async function emptyTrashTransaction(
  connection: Connection,
  { accountId, events, now }: Change,
): Promise<EmptyTrashOutcome> {
  if (!(await holdActiveAccount(connection, accountId))) return { outcome: "account disabled" };
  const until = await latestTrashing(connection, accountId);
  const isEmpty = await emptyUntil(connection, { accountId, events, now }, until);
  if (!isEmpty) await enqueueJob(connection, emptyTrashKind, { accountId, until }, { lane: accountId });
  return { outcome: "done", isUnderWay: !isEmpty };
}

emptyTrashTransaction.makesRoom = true;

/** Does the next step of a job that empties a trash. @returns whether it was the last one */
export async function continueEmptyingTrash(
  connection: Connection,
  { accountId, until, now }: { readonly accountId: string; readonly until: number; readonly now: number },
): Promise<boolean> {
  const events = await eventsOf(connection, accountId);
  return emptyUntil(connection, { accountId, events, now }, until);
}

continueEmptyingTrash.makesRoom = true;

async function emptyUntil(connection: Connection, { accountId, events, now }: Change, until: number): Promise<boolean> {
  const fileIds = await pageTrashedUntil(connection, accountId, { until, limit: trashedFilesPerStep });
  await deleteTrashed(connection, { accountId, fileIds, events, now });
  return (await pageTrashedUntil(connection, accountId, { until, limit: 1 })).length === 0;
}

/**
 * Deletes files whose time in the trash is over, of one account and as many as one transaction takes.
 * @returns how many; 0 when none are left
 */
export async function deleteOverdueTrash(connection: Connection, { now }: { readonly now: number }): Promise<number> {
  const overdue = await pageOverdueTrash(connection, { now, limit: trashedFilesPerStep });
  const accountId = overdue[0]?.account_id;
  if (accountId === undefined) return 0;
  const fileIds = overdue.filter((file) => file.account_id === accountId).map(({ id }) => id);
  const events = await eventsOf(connection, accountId);
  const { deleted, left } = await deleteTrashed(connection, { accountId, fileIds, events, now });
  // Where another node has deleted them all meanwhile, there may still be others.
  return Math.max(deleted, fileIds.length - left.length);
}

deleteOverdueTrash.makesRoom = true;

/** The events of the trash show no URL, so the address of the server is not needed. */
function eventsOf(connection: Connection, accountId: string): Promise<EventContext | undefined> {
  return findEventContext(connection, accountId, "");
}
