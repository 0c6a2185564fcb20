import { readSwitches } from "../../accounts/delivery-switches.ts";
import type { Connection } from "../../database/database.ts";
import { findDeliverySwitches } from "../../database/repositories/accounts.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { listFullKeyPairs } from "../../database/repositories/key-pairs.ts";
import { hasThumbnail } from "./has-thumbnail.ts";
import { thumbnailSigner } from "./url-signature.ts";

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
