import { SluiceError } from "@sluice/protocol";
import { viewerOfServer } from "../../access/viewer.ts";
import type { Connection } from "../../database/database.ts";
import { holdActiveAccount } from "../../database/repositories/accounts.ts";
import { findCurrentAssets } from "../../database/repositories/assets.ts";
import {
  countVersionsOf,
  findVersions,
  type LockedFile,
  laterThan,
  lockFiles,
  type VersionRow,
} from "../../database/repositories/files.ts";
import { updateVersion, type VersionChange } from "../../database/repositories/versions.ts";
import { indexFiles } from "../../database/search-index/write-index.ts";
import type { EventContext } from "../../events/event-context.ts";
import { isTold } from "../../events/record-event.ts";
import { isId } from "../../text/id.ts";
import type { LibraryDeps } from "../deps.ts";
import { storedParameters } from "../details/stored-parameters.ts";
import { maxTagsLength } from "../parameters/values.ts";
import { readAiTags, withoutAiTags } from "./ai-tags.ts";
import { recordFileEvents } from "./file-events.ts";
import { type FilesToRemove, removeFiles } from "./remove-files.ts";

export interface BulkResult {
  /** The ids are in the order of the request. */
  readonly successful: readonly string[];
  readonly errors: readonly { readonly fileId: string; readonly error: string }[];
}

export interface BulkDeps {
  readonly database: Pick<LibraryDeps["database"], "run">;
}

/**
 * Deletes several files, or puts them into the trash for `trashMs`. Files with many versions take several transactions,
 * so that others have their turn.
 * @returns the ids of the files
 * @throws SluiceError FILES_NOT_FOUND, ACCOUNT_DISABLED; nothing is changed then
 */
export async function removeSeveralFiles(
  { database }: BulkDeps,
  target: Omit<FilesRemoval, "mustExist">,
): Promise<readonly string[]> {
  const fileIds = [...new Set(target.fileIds)];
  let left: readonly string[] = fileIds;
  for (let mustExist = true; left.length > 0; mustExist = false) {
    const result = await database.run(removeSeveralFilesTransaction, { ...target, fileIds: left, mustExist });
    if (result.outcome !== "done") throw refusalOf(result);
    left = result.left;
  }
  return fileIds;
}

/** The changes of tags, and what the protocol calls a file whose change fails (docs/protocol/media-api.md §6). */
const tagChanges = {
  addTags: { script: addTags, failure: "Error in adding tags" },
  removeTags: { script: removeTags, failure: "Error in removing tags" },
  removeAiTags: { script: removeAiTags, failure: "Error in removing AITags" },
} as const;

/**
 * Changes the tags of several files in one transaction.
 * @throws SluiceError FILES_NOT_FOUND, ACCOUNT_DISABLED; nothing is changed then
 */
export async function changeTags(
  { database }: BulkDeps,
  change: keyof typeof tagChanges,
  target: TagsTarget,
): Promise<BulkResult> {
  const fileIds = [...new Set(target.fileIds)];
  const { script, failure } = tagChanges[change];
  return resultOf(fileIds, await database.run(script, { ...target, fileIds }), failure);
}

function resultOf(fileIds: readonly string[], result: BulkOutcome, failure: string): BulkResult {
  if (result.outcome !== "done") throw refusalOf(result);
  const failed = new Set(result.failed);
  return {
    successful: fileIds.filter((id) => !failed.has(id)),
    errors: fileIds.filter((id) => failed.has(id)).map((fileId) => ({ fileId, error: failure })),
  };
}

function refusalOf(refusal: Exclude<BulkOutcome, { readonly outcome: "done" }>): SluiceError {
  return refusal.outcome === "missing"
    ? new SluiceError("FILES_NOT_FOUND", {}, { missingFileIds: refusal.fileIds })
    : new SluiceError("ACCOUNT_DISABLED");
}

/** Files of an account that a request names by their ids. */
export interface FilesTarget {
  readonly accountId: string;
  /** Each once. A malformed one is the id of no file. */
  readonly fileIds: readonly string[];
  /** The endpoints that are told of the changes. */
  readonly events?: EventContext | undefined;
  readonly now: number;
}

export type TagsTarget = FilesTarget & { readonly tags: readonly string[] };

/** Nothing is changed unless every file exists. */
export type BulkOutcome =
  | { readonly outcome: "done" /** The files whose change could not be made. */; readonly failed: readonly string[] }
  | { readonly outcome: "missing"; readonly fileIds: readonly string[] }
  | { readonly outcome: "account disabled" };

/** The number of versions with which a transaction deletes no further files, so that it is short. */
const versionsPerRemoval = 400;

export type FilesRemoval = FilesTarget &
  Pick<FilesToRemove, "trashMs"> & {
    /** Whether every file has to exist. Those that earlier transactions of the same request left have existed. */
    readonly mustExist: boolean;
  };

export type RemovalOutcome =
  | { readonly outcome: "done" /** The files for another transaction. */; readonly left: readonly string[] }
  | Exclude<BulkOutcome, { readonly outcome: "done" }>;

/** Deletes files with all their versions, or puts them into the trash, as many as one transaction takes. */
export async function removeSeveralFilesTransaction(
  connection: Connection,
  target: FilesRemoval,
): Promise<RemovalOutcome> {
  const { accountId, fileIds, mustExist, trashMs, events, now } = target;
  const locked = await lockAll(connection, target, mustExist);
  if ("outcome" in locked) return locked;
  const there = new Set(locked.map(({ id }) => id));
  const rest = fileIds.filter((id) => there.has(id));
  const counts = await countVersionsOf(connection, rest);
  const chosen: string[] = [];
  for (let versions = 0; versions < versionsPerRemoval && chosen.length < rest.length; ) {
    const id = rest[chosen.length] ?? "";
    versions += counts.get(id) ?? 0;
    chosen.push(id);
  }
  await removeFiles(connection, { accountId, fileIds: chosen, trashMs, events, now });
  return { outcome: "done", left: rest.slice(chosen.length) };
}

removeSeveralFilesTransaction.makesRoom = true;

/** Adds tags to the current versions. A file whose tags would be too long keeps its tags, and counts as failed. */
export async function addTags(connection: Connection, target: TagsTarget): Promise<BulkOutcome> {
  return changeAllTags(connection, target, (before) => {
    const tags = [...new Set([...before, ...target.tags])];
    return lengthOf(tags) > maxTagsLength ? "too long" : tags;
  });
}

/** Removes tags from the current versions. A tag that a file doesn't have is no failure. */
export async function removeTags(connection: Connection, target: TagsTarget): Promise<BulkOutcome> {
  const removed = new Set(target.tags);
  return changeAllTags(connection, target, (before) => before.filter((tag) => !removed.has(tag)));
}

/** Removes AI tags from the current versions, by their names. */
export async function removeAiTags(connection: Connection, target: TagsTarget): Promise<BulkOutcome> {
  return changeAll(connection, target, ({ ai_tags: before }) => {
    const has = readAiTags(before).some(({ name }) => target.tags.includes(name));
    return has ? { ai_tags: withoutAiTags(before, target.tags) } : undefined;
  });
}

function changeAllTags(
  connection: Connection,
  target: TagsTarget,
  change: (before: readonly string[]) => readonly string[] | "too long",
): Promise<BulkOutcome> {
  const { read, write } = storedParameters.tags;
  return changeAll(connection, target, (version) => {
    const before = read(version.tags) ?? [];
    const tags = change(before);
    if (tags === "too long") return "failed";
    return tags.length === before.length ? undefined : { tags: write(tags) };
  });
}

function lengthOf(tags: readonly string[]): number {
  return tags.reduce((sum, tag) => sum + [...tag].length, 0);
}

/**
 * Changes the current version of each file.
 * @param change undefined where the version stays as it is, which is no event
 */
async function changeAll(
  connection: Connection,
  target: FilesTarget,
  change: (version: VersionRow) => VersionChange | "failed" | undefined,
): Promise<BulkOutcome> {
  const files = await lockAll(connection, target);
  if ("outcome" in files) return files;
  const currentIds = files.map(({ current_version_id }) => current_version_id);
  const versions = new Map((await findVersions(connection, currentIds)).map((version) => [version.id, version]));
  const changed: string[] = [];
  const failed: string[] = [];
  for (const file of files) {
    const version = versions.get(file.current_version_id);
    if (version === undefined) throw new Error("a file's current version vanished while the file was locked");
    const columns = change(version);
    if (columns === "failed") failed.push(file.id);
    else if (columns !== undefined) {
      await updateVersion(connection, file, version.id, columns, laterThan(file, target.now));
      changed.push(file.id);
    }
  }
  await indexFiles(connection, changed);
  await recordChanges(connection, target, changed);
  return { outcome: "done", failed };
}

async function lockAll(
  connection: Connection,
  { accountId, fileIds }: FilesTarget,
  mustExist = true,
): Promise<LockedFile[] | Exclude<BulkOutcome, { readonly outcome: "done" }>> {
  if (!(await holdActiveAccount(connection, accountId))) return { outcome: "account disabled" };
  const files = await lockFiles(connection, accountId, fileIds.filter(isId));
  if (files.length === fileIds.length || !mustExist) return files;
  const found = new Set(files.map(({ id }) => id));
  return { outcome: "missing", fileIds: fileIds.filter((id) => !found.has(id)) };
}

async function recordChanges(
  connection: Connection,
  { accountId, events }: FilesTarget,
  changed: readonly string[],
): Promise<void> {
  if (!isTold(events, "file.updated")) return;
  for (const asset of await findCurrentAssets(connection, viewerOfServer(accountId), changed)) {
    await recordFileEvents(connection, events, ["file.updated"], asset);
  }
}
