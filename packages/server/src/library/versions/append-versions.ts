import type { Connection } from "../../database/database.ts";
import { type FileRow, insertVersion, setCurrentVersion, type VersionRow } from "../../database/repositories/files.ts";
import { assignVersion, listVersions, updateVersion } from "../../database/repositories/versions.ts";
import { assertRoomForVersions } from "./add-version.ts";
import { newObjectVersion } from "./enter-version.ts";

/**
 * Lists a file's versions in the order in which another file takes them over: from the oldest to the newest, and the
 * current one last. So the newest version of the other file shows what this file showed, even after a restore.
 */
export async function versionsToHandOver(
  connection: Connection,
  { id, current_version_id: current }: Pick<FileRow, "id" | "current_version_id">,
): Promise<VersionRow[]> {
  const versions = await listVersions(connection, id);
  return [...versions.filter((version) => version.id !== current), ...versions.filter(({ id }) => id === current)];
}

/**
 * Gives versions of one locked file to another locked file. They keep their ids and their `ik-obj-version`, get the next
 * numbers in this order, and the last one becomes current. Beyond the limit of versions the transaction is rolled back
 * with the outcome "version limit".
 */
export async function appendMovedVersions(
  connection: Connection,
  file: FileRow,
  versions: readonly VersionRow[],
  now: number,
): Promise<void> {
  await assertRoomForVersions(connection, file, versions.length);
  let number = file.last_version_number;
  for (const { id } of versions) {
    number += 1;
    await assignVersion(connection, id, { fileId: file.id, number });
  }
  await makeLastCurrent(connection, file, versions, number, now);
  await updateVersion(connection, file, versions.at(-1)?.id ?? "", {}, now);
}

/** A version that a copy has to have, with the id that it gets. */
export interface CopiedVersion {
  readonly id: string;
  readonly version: VersionRow;
}

/**
 * Adds copies of versions to a locked file. They refer to the same blobs: as long as the file that they come from is
 * locked, its versions keep the sweep away from those. All details are copied; numbers are the next ones in this order,
 * and the last copy becomes current. Beyond the limit of versions the transaction is rolled back with the outcome
 * "version limit".
 */
export async function appendCopies(
  connection: Connection,
  file: FileRow,
  copies: readonly CopiedVersion[],
  now: number,
): Promise<void> {
  await assertRoomForVersions(connection, file, copies.length);
  let number = file.last_version_number;
  for (const { id, version } of copies) {
    number += 1;
    await insertVersion(connection, copyOf(version, { id, fileId: file.id, number, now }));
  }
  await makeLastCurrent(connection, file, copies, number, now);
}

/** The row of a copy. It has an `ik-obj-version` of its own, because that names one version alone. */
export function copyOf(
  version: VersionRow,
  as: { readonly id: string; readonly fileId: string; readonly number: number; readonly now: number },
): VersionRow {
  return {
    ...version,
    id: as.id,
    file_id: as.fileId,
    number: as.number,
    object_version: newObjectVersion(),
    created_at: as.now,
    updated_at: as.now,
  };
}

async function makeLastCurrent(
  connection: Connection,
  file: FileRow,
  versions: readonly { readonly id: string }[],
  lastNumber: number,
  now: number,
): Promise<void> {
  await setCurrentVersion(connection, file.id, { versionId: versions.at(-1)?.id ?? "", lastNumber, now });
}
