import { createHmac } from "node:crypto";
import { readSwitches } from "../../accounts/delivery-switches.ts";
import type { Connection } from "../../database/database.ts";
import { findDeliverySwitches } from "../../database/repositories/accounts.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { listFullKeyPairs } from "../../database/repositories/key-pairs.ts";
import { hasThumbnail } from "./file-type.ts";

/** This number stands for the expiry in signatures that have none. */
const never = "9999999999";

/**
 * The signature of a delivery URL, as the official SDKs make it (docs/protocol/delivery.md §3.1).
 * @param message the part of the URL behind the endpoint, without `ik-t` and `ik-s`
 * @param expiry Unix seconds as decimal digits
 */
export function signatureOf(privateKey: string, message: string, expiry: string | undefined): Buffer {
  return createHmac("sha1", privateKey)
    .update(message + (expiry ?? never))
    .digest();
}

/**
 * The key with which the server itself signs the thumbnails that its answers name. Whoever uploads chooses such a
 * file's path, so a signature of this key must not count where one that the account's owner made would
 * (docs/protocol/delivery.md §8.1).
 */
export function thumbnailSigner(privateKey: string): string {
  return createHmac("sha256", privateKey).update("thumbnails that the server signs").digest("hex");
}

/**
 * Signs a URL.
 * @param rest the part of the URL behind the endpoint, encoded as it will be sent
 * @param until Unix seconds
 * @returns `rest` with its signature
 */
export function signPath(privateKey: string, rest: string, until?: number): string {
  const expiry = until === undefined ? undefined : String(until);
  const signature = signatureOf(privateKey, rest, expiry).toString("hex");
  const separator = rest.includes("?") ? "&" : "?";
  return `${rest}${separator}${expiry === undefined ? "" : `ik-t=${expiry}&`}ik-s=${signature}`;
}

type ThumbnailedAsset = Pick<AssetRow, "kind" | "is_private_file">;

/** The key with which URLs of thumbnails are signed, as plain data. */
export interface ThumbnailKey {
  /** Made of an account's private key by `thumbnailSigner`. */
  readonly privateKey: string;
  /** The end of the URLs in Unix seconds. */
  readonly until: number;
}

const daySeconds = 86_400;

/**
 * A URL works for at least this time, unless its key pair ends before: a webhook may be replayed within a week of its
 * event.
 */
const thumbnailSeconds = 7 * daySeconds;

/**
 * Finds the key for the thumbnails of the assets. The URLs that one day makes of a file are equal, so that browsers
 * keep the pictures that they have loaded.
 * @param now Unix milliseconds
 * @returns undefined where no URL has to be signed: no asset is private and has a thumbnail, or the account has
 * thumbnails of private files unsigned
 */
export async function findThumbnailKey(
  connection: Connection,
  accountId: string,
  assets: readonly ThumbnailedAsset[],
  now: number,
): Promise<ThumbnailKey | undefined> {
  if (!assets.some((asset) => asset.is_private_file === 1 && hasThumbnail(asset))) return undefined;
  const switches = readSwitches(await findDeliverySwitches(connection, accountId));
  if (switches.privateThumbnails !== "signed") return undefined;
  const [pair] = await listFullKeyPairs(connection, accountId, now);
  if (pair === undefined) return undefined;
  const today = Math.ceil(now / 1000 / daySeconds) * daySeconds;
  return { privateKey: thumbnailSigner(pair.private_key), until: today + thumbnailSeconds };
}

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
