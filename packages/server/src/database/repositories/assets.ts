import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { VersionRow } from "./files.ts";

/** A version of a file, with columns of its file and folder. */
export type AssetRow = VersionRow & {
  readonly name: string;
  readonly folder_path: string;
  readonly current_version_id: string;
  /**
   * The time at which the file's first version was stored. The file answers with this time, an old version with its own
   * `created_at`.
   */
  readonly file_created_at: number;
  readonly folder_moved_at: number;
};

/**
 * Returns the time at which the version last changed, its place included. A URL that carries this time may be cached
 * for a year. After folders have changed places, the same URL must not name another file, so a move of the folder
 * counts as a change.
 */
export function updatedAtOf(asset: Pick<AssetRow, "updated_at" | "folder_moved_at">): number {
  return Math.max(asset.updated_at, asset.folder_moved_at);
}

/** Selects every version with its file and folder. Callers restrict it to an account and more. */
export function selectAssets(connection: Connection) {
  return connection
    .selectFrom("versions")
    .innerJoin("files", "files.id", "versions.file_id")
    .innerJoin("folders", "folders.id", "files.folder_id")
    .selectAll("versions")
    .select([
      "files.name",
      "files.current_version_id",
      "files.created_at as file_created_at",
      "folders.path as folder_path",
      "folders.moved_at as folder_moved_at",
    ]);
}

/**
 * Selects the versions that a viewer may see. Who may see less of a library than all of it, by folder, is held to that here.
 * @param owner the table by whose account they are looked up
 */
export function selectSeen(
  connection: Connection,
  { accountId }: Pick<Viewer, "accountId">,
  owner: "files" | "versions",
) {
  return selectAssets(connection).where(`${owner}.account_id`, "=", accountId);
}

/** Finds the file's current version. */
export async function findCurrentAsset(
  connection: Connection,
  viewer: Viewer,
  fileId: string,
): Promise<AssetRow | undefined> {
  return selectSeen(connection, viewer, "files")
    .where("files.id", "=", fileId)
    .whereRef("versions.id", "=", "files.current_version_id")
    .executeTakeFirst();
}

/** Finds the current versions of several files, in the order of the files' ids. */
export async function findCurrentAssets(
  connection: Connection,
  viewer: Viewer,
  fileIds: readonly string[],
): Promise<AssetRow[]> {
  if (fileIds.length === 0) return [];
  return selectSeen(connection, viewer, "files")
    .where("files.id", "in", fileIds)
    .whereRef("versions.id", "=", "files.current_version_id")
    .orderBy("files.id")
    .execute();
}

export async function findAssetVersion(
  connection: Connection,
  viewer: Viewer,
  fileId: string,
  versionId: string,
): Promise<AssetRow | undefined> {
  const { rows } = await byVersion(connection, { accountId: viewer.accountId, fileId, versionId });
  return rows[0];
}

const byVersion = prepared((connection, by: { accountId: string; fileId: string; versionId: string }) =>
  selectSeen(connection, by, "versions")
    .where("versions.id", "=", by.versionId)
    .where("versions.file_id", "=", by.fileId),
);

/** Lists the current version first, then the others from newest to oldest. */
export async function listAssetVersions(connection: Connection, viewer: Viewer, fileId: string): Promise<AssetRow[]> {
  const rows = await selectSeen(connection, viewer, "versions")
    .where("versions.file_id", "=", fileId)
    .orderBy("versions.number", "desc")
    .execute();
  return [...rows.filter(isCurrent), ...rows.filter((row) => !isCurrent(row))];
}

export function isCurrent(row: AssetRow): boolean {
  return row.id === row.current_version_id;
}

export async function findVersionById(
  connection: Connection,
  viewer: Viewer,
  versionId: string,
): Promise<AssetRow | undefined> {
  return selectSeen(connection, viewer, "versions").where("versions.id", "=", versionId).executeTakeFirst();
}
