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
export async function copyFile(connection: Connection, copy: FileCopy): Promise<string> {
  return finishCopy(connection, await beginCopy(connection, copy));
}

/**
 * Does the first half of `copyFile`: the copy has its file. A script that copies several files begins all copies before
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

/** Does the second half of `copyFile`. @returns the id of the file that is at the place now */
export async function finishCopy(connection: Connection, copy: BegunCopy): Promise<string> {
  const { destination, versionIds, events, now } = copy;
  const copies = copy.versions.map((version, index) => ({ id: versionIds[index] ?? "", version }));
  if (destination === undefined) return fillNewFile(connection, copy, copies);
  const time = laterThan(destination, now);
  await appendCopies(connection, destination, copies, time);
  await catalogueFiles(connection, [destination.id]);
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
  await catalogueFiles(connection, [id]);
  if (isTold(events, "file.created")) {
    const asset = await currentAsset(connection, source.account_id, id);
    await recordFileEvents(connection, events, ["file.created"], asset);
  }
  return id;
}
