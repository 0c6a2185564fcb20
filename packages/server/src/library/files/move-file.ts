import type { Connection } from "../../database/database.ts";
import { listAssetVersions } from "../../database/repositories/assets.ts";
import {
  deleteEmptyFile,
  type FileRow,
  type LockedFile,
  laterThan,
  updatePlace,
} from "../../database/repositories/files.ts";
import { updateVersion } from "../../database/repositories/versions.ts";
import type { EventContext } from "../../events/event-context.ts";
import { isTold, recordEvent } from "../../events/record-event.ts";
import { catalogueFiles } from "../catalogue/catalogue.ts";
import { appendMovedVersions, versionsToHandOver } from "../versions/append-versions.ts";
import { currentAsset } from "./edit-transactions.ts";
import { recordFileEvents } from "./file-events.ts";

/** A name in a folder. */
export interface FilePlace {
  readonly folderId: string;
  readonly name: string;
}

export interface FileMove {
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
export async function moveFile(connection: Connection, move: FileMove): Promise<string> {
  const { source, place, destination, events, now } = move;
  if (destination !== undefined) return mergeFile(connection, { ...move, destination });
  const time = laterThan(source, now);
  await updatePlace(connection, source.id, place);
  await updateVersion(connection, source, source.current_version_id, {}, time);
  await catalogueFiles(connection, [source.id]);
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
  await catalogueFiles(connection, [source.id, destination.id]);
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
  const assets = await listAssetVersions(connection, accountId, id);
  const [current] = assets;
  const entered = assets.filter((asset) => versionIds.includes(asset.id)).toReversed();
  for (const asset of entered) await recordFileEvents(connection, events, ["file-version.created"], asset, time);
  if (current !== undefined) await recordFileEvents(connection, events, ["file.updated"], current, time);
}
