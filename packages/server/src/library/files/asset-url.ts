import type { AssetRow } from "../../database/repositories/assets.ts";
import type { ThumbnailKey } from "./thumbnail-key.ts";
import { signPath } from "./url-signature.ts";

/** The address under which an account's files are delivered. */
export interface Endpoint {
  /** The URL has no trailing slash. */
  readonly publicUrl: string;
  readonly imagekitId: string;
  /** Signs the thumbnails of private files; undefined leaves them unsigned. */
  readonly thumbnailKey?: ThumbnailKey | undefined;
}

/** The URL of the file's current version, without a query (docs/protocol/upload.md §11). */
export function assetUrl(publicUrl: string, imagekitId: string, folderPath: string, name: string): string {
  return `${publicUrl}/${imagekitId}/${encodePath(folderPath, name)}`;
}

type ShownAsset = Pick<AssetRow, "folder_path" | "name" | "is_private_file">;

/** The same URL with the built-in thumbnail in the path, as in upload responses (docs/protocol/delivery.md §8.1). */
export function thumbnailUrl(asset: ShownAsset, endpoint: Endpoint): string {
  return signedAsNeeded(asset, endpoint, `tr:${thumbnailTransformation}/${encodePath(asset.folder_path, asset.name)}`);
}

/**
 * The URL with the built-in thumbnail in its query, as the media API and events have it.
 * @param query the query of the URL of the file or the version
 */
export function thumbnailOf(asset: ShownAsset, endpoint: Endpoint, query: string): string {
  const path = encodePath(asset.folder_path, asset.name);
  return signedAsNeeded(asset, endpoint, `${path}?${query}&tr=${thumbnailTransformation}`);
}

/** The built-in named transformation for thumbnails (docs/protocol/delivery.md §8.1). */
const thumbnailTransformation = "n-ik_ml_thumbnail";

function signedAsNeeded(
  asset: ShownAsset,
  { publicUrl, imagekitId, thumbnailKey: key }: Endpoint,
  rest: string,
): string {
  const signs = key !== undefined && asset.is_private_file === 1;
  return `${publicUrl}/${imagekitId}/${signs ? signPath(key.privateKey, rest, key.until) : rest}`;
}

/**
 * Whether a thumbnail's URL names the asset by its path.
 * @param rest the part of the URL behind the endpoint, as it was signed
 */
export function namesAsset(rest: string, asset: Pick<AssetRow, "folder_path" | "name">): boolean {
  const path = encodePath(asset.folder_path, asset.name);
  return rest === `tr:${thumbnailTransformation}/${path}` || rest.startsWith(`${path}?`);
}

function encodePath(folderPath: string, name: string): string {
  return [...folderPath.split("/").filter(Boolean), name].map(encodeURIComponent).join("/");
}
