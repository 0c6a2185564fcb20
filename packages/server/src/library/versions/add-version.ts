import { type Connection, Rollback } from "../../database/database.ts";
import {
  countVersions,
  type FileRow,
  insertVersion,
  type LockedFile,
  laterThan,
  setCurrentVersion,
  type VersionRow,
} from "../../database/repositories/files.ts";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";
import { secureBlob } from "../content/secure-blob.ts";
import { columnsOfVersion } from "../details/stored-columns.ts";
import type { StoredColumns } from "../details/stored-parameters.ts";
import { mediaColumns } from "../files/media-columns.ts";
import type { VersionToAdd } from "./enter-version.ts";

/** The largest number of versions of one file, the current one included (docs/protocol/upload.md §14). */
export const maxVersions = 100;

/** The details of a version besides its bytes. */
export type VersionDetails = StoredColumns & Pick<VersionRow, "ai_tags" | "custom_metadata">;

/** The details that a version takes over from the version that it is made from. */
export function detailsOf(version: VersionRow): VersionDetails {
  const { ai_tags, custom_metadata } = version;
  return { ...columnsOfVersion(version), ai_tags, custom_metadata };
}

export interface VersionToInsert {
  readonly accountId: string;
  /** The locked row of the file; undefined for a file that the transaction has just inserted under the version's id. */
  readonly file: LockedFile | undefined;
  readonly version: VersionToAdd;
  readonly media: MediaFacts;
  /** Called once the content is secured. It may roll the transaction back. */
  readonly details: () => VersionDetails;
}

/** Rolls the transaction back with the outcome "version limit" where the locked file can't have so many more versions. */
export async function assertRoomForVersions(connection: Connection, file: FileRow, more: number): Promise<void> {
  if ((await countVersions(connection, file.id)) + more > maxVersions) {
    throw new Rollback({ outcome: "version limit" });
  }
}

/**
 * Makes the version the file's current one, in the transaction that `enterVersion` has started. Where that isn't
 * possible, the transaction is rolled back with the outcome "version limit" or an `UnsecuredContent`.
 */
export async function addVersion(
  connection: Connection,
  { accountId, file, version, media, details }: VersionToInsert,
): Promise<VersionRow> {
  const { versionId, objectVersion, blob, size } = version;
  if (file !== undefined) await assertRoomForVersions(connection, file, 1);
  await secureBlob(connection, accountId, version, version.now);
  const now = file === undefined ? version.now : laterThan(file, version.now);
  const number = (file?.last_version_number ?? 0) + 1;
  if (file !== undefined) await setCurrentVersion(connection, file.id, { versionId, lastNumber: number, now });
  const row: VersionRow = {
    id: versionId,
    account_id: accountId,
    file_id: file?.id ?? versionId,
    number,
    blob_id: blob.id,
    size,
    ...mediaColumns(media),
    ...details(),
    object_version: objectVersion,
    created_at: now,
    updated_at: now,
  };
  await insertVersion(connection, row);
  return row;
}
