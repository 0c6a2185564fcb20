import { viewerOfServer } from "../../access/viewer.ts";
import { type Connection, Rollback } from "../../database/database.ts";
import { listAssetVersions } from "../../database/repositories/assets.ts";
import {
  deleteEmptyFile,
  type FileRow,
  findVersion,
  insertFile,
  insertVersion,
  type LockedFile,
  laterThan,
  updatePlace,
  type VersionRow,
} from "../../database/repositories/files.ts";
import { updateVersion } from "../../database/repositories/versions.ts";
import { indexFiles } from "../../database/search-index/write-index.ts";
import type { EventContext } from "../../events/event-context.ts";
import { isTold, recordEvent } from "../../events/record-event.ts";
import { newId } from "../../text/id.ts";
import {
  appendCopies,
  appendMovedVersions,
  type CopiedVersion,
  copyOf,
  versionsToHandOver,
} from "../versions/append-versions.ts";
import { startAgain } from "../versions/enter-version.ts";
import { currentAsset } from "./edit-files.ts";
import { recordFileEvents } from "./file-events.ts";

interface FileCopy extends FileMove {
  /** The versions of the source that are copied, as `versionsToCopy` gives them. */
  readonly versions: readonly VersionRow[];
}

/** A copy whose file is there, and whose versions are not. */
export interface BegunCopy extends FileCopy {
  /** The file that gets the versions. */
  readonly fileId: string;
  /** The ids that the versions get, in their order. */
  readonly versionIds: readonly string[];
}

/** The versions that a copy of the locked file has: all of them, or the current one alone. */
export async function versionsToCopy(
  connection: Connection,
  source: FileRow,
  includeVersions: boolean,
): Promise<VersionRow[]> {
  if (includeVersions) return versionsToHandOver(connection, source);
  const current = await findVersion(connection, source.current_version_id);
  if (current === undefined) throw new Error("a file's current version vanished while the file was locked");
  return [current];
}

/**
 * Copies versions of a file as rows: no bytes are copied. Where the place is free, the copy is a file of its own, whose
 * versions are counted from 1. Where a file has the place, that file stays and takes the copies over
 * (docs/protocol/media-api.md §5.3). Everything about a version is copied apart from ids and times.
 *
 * The transaction is rolled back with the outcome "version limit" for a file that would have too many versions, and with
 * `startAgain` where somebody has taken the place meanwhile.
 * @returns the id of the file that is at the place now
 */
export async function copyLockedFile(connection: Connection, copy: FileCopy): Promise<string> {
  return finishCopy(connection, await beginCopy(connection, copy));
}

/**
 * Does the first half of `copyLockedFile`: the copy has its file. A script that copies several files begins all copies before
 * it locks the rows that count their versions (`database/locks.ts`), since an insert waits for whoever takes the same
 * place.
 */
export async function beginCopy(connection: Connection, copy: FileCopy): Promise<BegunCopy> {
  const { source, place, destination, now } = copy;
  const versionIds = copy.versions.map(() => newId(now));
  if (destination !== undefined) return { ...copy, fileId: destination.id, versionIds };
  // As with an upload, a file has the id of its first version.
  const fileId = versionIds[0] ?? "";
  const row: FileRow = {
    id: fileId,
    account_id: source.account_id,
    folder_id: place.folderId,
    name: place.name,
    current_version_id: versionIds.at(-1) ?? "",
    last_version_number: versionIds.length,
    created_at: now,
    updated_at: now,
  };
  if (!(await insertFile(connection, row))) throw new Rollback(startAgain);
  return { ...copy, fileId, versionIds };
}

/** Does the second half of `copyLockedFile`. @returns the id of the file that is at the place now */
export async function finishCopy(connection: Connection, copy: BegunCopy): Promise<string> {
  const { destination, versionIds, events, now } = copy;
  const copies = copy.versions.map((version, index) => ({ id: versionIds[index] ?? "", version }));
  if (destination === undefined) return fillNewFile(connection, copy, copies);
  const time = laterThan(destination, now);
  await appendCopies(connection, destination, copies, time);
  await indexFiles(connection, [destination.id]);
  const entered = copies.map(({ id }) => id);
  await recordEnteredVersions(connection, destination, entered, events, time);
  return destination.id;
}

async function fillNewFile(
  connection: Connection,
  { source, fileId: id, events, now }: BegunCopy,
  copies: readonly CopiedVersion[],
): Promise<string> {
  for (const [index, copied] of copies.entries()) {
    const as = { id: copied.id, fileId: id, number: index + 1, now };
    await insertVersion(connection, copyOf(copied.version, as));
  }
  await indexFiles(connection, [id]);
  if (isTold(events, "file.created")) {
    const asset = await currentAsset(connection, source.account_id, id);
    await recordFileEvents(connection, events, ["file.created"], asset);
  }
  return id;
}

/** A name in a folder. */
export interface FilePlace {
  readonly folderId: string;
  readonly name: string;
}

interface FileMove {
  /** The file to move. Its row is locked. */
  readonly source: LockedFile;
  readonly place: FilePlace;
  /** The file that has the place, locked; undefined where the place is free. */
  readonly destination: LockedFile | undefined;
  /** The endpoints that are told of the move. */
  readonly events: EventContext | undefined;
  readonly now: number;
}

/**
 * Puts a file into another folder, under another name, or both. A file keeps its id where the place is free. Where a
 * file has the place, that file stays, takes over all versions of the source, and shows what the source showed; the
 * source's id is gone then (docs/protocol/media-api.md §5.3, §12.1). A file that would have too many versions rolls the
 * transaction back with the outcome "version limit".
 *
 * A moved version keeps its `ik-obj-version`: its old URLs stop working because the path does.
 * @returns the id of the file that is at the place now
 */
export async function moveLockedFile(connection: Connection, move: FileMove): Promise<string> {
  const { source, place, destination, events, now } = move;
  if (destination !== undefined) return mergeFile(connection, { ...move, destination });
  const time = laterThan(source, now);
  await updatePlace(connection, source.id, place);
  await updateVersion(connection, source, source.current_version_id, {}, time);
  await indexFiles(connection, [source.id]);
  if (isTold(events, "file.updated")) {
    const asset = await currentAsset(connection, source.account_id, source.id);
    await recordFileEvents(connection, events, ["file.updated"], asset);
  }
  return source.id;
}

async function mergeFile(
  connection: Connection,
  { source, destination, events, now }: FileMove & { readonly destination: LockedFile },
): Promise<string> {
  const versions = await versionsToHandOver(connection, source);
  const time = laterThan(destination, laterThan(source, now));
  await appendMovedVersions(connection, destination, versions, time);
  await deleteEmptyFile(connection, source.id);
  await indexFiles(connection, [source.id, destination.id]);
  const fileId = source.id;
  await recordEvent(connection, events, { type: "file.deleted", data: () => ({ fileId }) }, time);
  const entered = versions.map(({ id }) => id);
  await recordEnteredVersions(connection, destination, entered, events, time);
  return destination.id;
}

/** Records that versions have entered a file that was there, each as an upload of a version does. */
export async function recordEnteredVersions(
  connection: Connection,
  { account_id: accountId, id }: FileRow,
  versionIds: readonly string[],
  events: EventContext | undefined,
  time: number,
): Promise<void> {
  if (!isTold(events, "file-version.created") && !isTold(events, "file.updated")) return;
  const assets = await listAssetVersions(connection, viewerOfServer(accountId), id);
  const [current] = assets;
  const entered = assets.filter((asset) => versionIds.includes(asset.id)).toReversed();
  for (const asset of entered) await recordFileEvents(connection, events, ["file-version.created"], asset, time);
  if (current !== undefined) await recordFileEvents(connection, events, ["file.updated"], current, time);
}
