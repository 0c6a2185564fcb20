import type { Principal } from "../../accounts/authenticate.ts";
import { fullAlone } from "../../accounts/key-roles.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { findThumbnailKey, type ThumbnailKey } from "../../library/files/asset-url.ts";
import type { UploadNeeds } from "../needs.ts";

/**
 * Finds the key for the thumbnail in an upload's answer. A pair that may only upload sees nothing of private files, so
 * the answers to its uploads have unsigned URLs.
 */
export async function findUploadThumbnailKey(
  { database, now }: Pick<UploadNeeds, "database" | "now">,
  { accountId, key }: Pick<Principal, "accountId" | "key">,
  asset: Pick<AssetRow, "kind" | "is_private_file">,
): Promise<ThumbnailKey | undefined> {
  return fullAlone.includes(key.role) ? findThumbnailKey(database.reader, accountId, [asset], now()) : undefined;
}

/**
 * Whether the upload's file still shows the upload's version where the answer says. An answer that is given once more
 * names the file's first path, where somebody else's file may be by now.
 */
export function isStillThere(
  version: Pick<AssetRow, "folder_path" | "name" | "id" | "current_version_id">,
  answered: Pick<AssetRow, "folder_path" | "name">,
): boolean {
  return (
    version.id === version.current_version_id &&
    version.folder_path === answered.folder_path &&
    version.name === answered.name
  );
}
