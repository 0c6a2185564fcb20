import { type Connection, Rollback } from "../../database/database.ts";
import type { VersionRow } from "../../database/repositories/files.ts";
import { type FileRow, findVersion, insertFile, insertVersion, laterThan } from "../../database/repositories/files.ts";
import { isTold } from "../../events/record-event.ts";
import { newId } from "../../text/id.ts";
import { catalogueFiles } from "../catalogue/catalogue.ts";
import { appendCopies, type CopiedVersion, copyOf, versionsToHandOver } from "../versions/append-versions.ts";
import { startAgain } from "../versions/enter-version.ts";
import { currentAsset } from "./edit-transactions.ts";
import { recordFileEvents } from "./file-events.ts";
import { type FileMove, recordEnteredVersions } from "./move-file.ts";

export interface FileCopy extends FileMove {
  /** The versions of the source that are copied, as `versionsToCopy` gives them. */
  readonly versions: readonly VersionRow[];
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
export async function copyFile(connection: Connection, copy: FileCopy): Promise<string> {
  const { destination, events, now } = copy;
  const copies = copy.versions.map((version) => ({ id: newId(now), version }));
  if (destination === undefined) return createCopy(connection, copy, copies);
  const time = laterThan(destination, now);
  await appendCopies(connection, destination, copies, time);
  await catalogueFiles(connection, [destination.id]);
  const entered = copies.map(({ id }) => id);
  await recordEnteredVersions(connection, destination, entered, events, time);
  return destination.id;
}

async function createCopy(
  connection: Connection,
  { source, place, events, now }: FileCopy,
  copies: readonly CopiedVersion[],
): Promise<string> {
  // As with an upload, a file has the id of its first version.
  const id = copies[0]?.id ?? "";
  const row: FileRow = {
    id,
    account_id: source.account_id,
    folder_id: place.folderId,
    name: place.name,
    current_version_id: copies.at(-1)?.id ?? "",
    last_version_number: copies.length,
    created_at: now,
    updated_at: now,
  };
  if (!(await insertFile(connection, row))) throw new Rollback(startAgain);
  for (const [index, copied] of copies.entries()) {
    const as = { id: copied.id, fileId: id, number: index + 1, now };
    await insertVersion(connection, copyOf(copied.version, as));
  }
  await catalogueFiles(connection, [id]);
  if (isTold(events, "file.created")) {
    const asset = await currentAsset(connection, source.account_id, id);
    await recordFileEvents(connection, events, ["file.created"], asset);
  }
  return id;
}
