import { SluiceError } from "@sluice/protocol";
import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../../database/database.ts";
import {
  type AssetRow,
  findAssetVersion,
  findCurrentAsset,
  listAssetVersions,
} from "../../database/repositories/assets.ts";

/** Finds the file's current version. @throws SluiceError FILE_NOT_FOUND */
export async function findFile(reader: Connection, viewer: Viewer, fileId: string): Promise<AssetRow> {
  const asset = await findCurrentAsset(reader, viewer, fileId);
  if (asset === undefined) throw new SluiceError("FILE_NOT_FOUND");
  return asset;
}

/** Lists the current version, then the others from newest to oldest. @throws SluiceError FILE_NOT_FOUND */
export async function listFileVersions(reader: Connection, viewer: Viewer, fileId: string): Promise<AssetRow[]> {
  const versions = await listAssetVersions(reader, viewer, fileId);
  if (versions.length === 0) throw new SluiceError("FILE_NOT_FOUND");
  return versions;
}

/** @throws SluiceError FILE_VERSION_NOT_FOUND */
export async function findFileVersion(
  reader: Connection,
  viewer: Viewer,
  fileId: string,
  versionId: string,
): Promise<AssetRow> {
  const asset = await findAssetVersion(reader, viewer, fileId, versionId);
  if (asset === undefined) throw new SluiceError("FILE_VERSION_NOT_FOUND");
  return asset;
}
