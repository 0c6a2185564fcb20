import { type LayerFiles, layerFilesIn, namesIn, onlyNames, type Transformation } from "@sluice/grammar";
import { viewerOfServer } from "../access/viewer.ts";
import { isGuarded } from "../accounts/perimeter.ts";
import { takesV1Uploads } from "../accounts/v1-uploads.ts";
import type { Config } from "../config/config.ts";
import type { Connection } from "../database/database.ts";
import type { AccountRow } from "../database/repositories/accounts.ts";
import { updatedAtOf } from "../database/repositories/assets.ts";
import { listFullKeyPairs } from "../database/repositories/key-pairs.ts";
import { loopHeader } from "../endpoints/reading/read-original.ts";
import { assetUrl } from "../library/files/asset-url.ts";
import { findBuiltIn } from "../library/named-transformations/named-transformations.ts";
import { clientNetwork } from "../network/client-network.ts";
import type { Delivery, DeliveryRequest } from "./delivery.ts";
import type { DeliveryDeps } from "./deps.ts";
import {
  isThere,
  refuseOtherSprite,
  refuseOtherThumbnail,
  refuseUnnamed,
  refuseUnshown,
  refuseUnsigned,
  refuseUnsignedLayers,
  refuseUnsignedUnread,
  refuseV1Signature,
} from "./find/access.ts";
import type { Entered } from "./find/enter.ts";
import { findAtOrigins, type OutsideFile } from "./find/find-at-origins.ts";
import { findAsked, findInstead } from "./find/find-file.ts";
import { findLayers } from "./find/find-layers.ts";
import { type Cacheability, cacheControl } from "./headers/cache-control.ts";
import { lastModified } from "./headers/conditional.ts";
import { DeliveryRefusal } from "./refusals/refusal.ts";
import { makesPicture } from "./renditions/pictures/makes-picture.ts";
import { makesVideo } from "./renditions/videos/makes-video.ts";
import { parseEndpointUrl } from "./url/endpoint-url.ts";
import { chooseRendition, readWritten } from "./url/requested-rendition.ts";
import { readSignature, type Signed, verifySignature } from "./url/signed-url.ts";

interface SignatureDeps {
  readonly config: Pick<Config, "imagekitId" | "v1Uploads">;
  readonly database: { readonly reader: Connection };
}

/**
 * Verifies a URL's signature with every key pair of the account that is still active and may do everything.
 * @param rest the target behind the account's id
 * @param behind the target behind the endpoint's prefix
 * @param now Unix milliseconds
 * @returns undefined for an unsigned URL
 * @throws DeliveryRefusal SIGNATURE_INVALID, SIGNATURE_EXPIRED, V1_SIGNATURE
 */
async function checkSignature(
  { config, database }: SignatureDeps,
  account: AccountRow,
  { rest, behind }: { readonly rest: string; readonly behind: string },
  now: number,
): Promise<Signed | undefined> {
  const claim = readSignature(rest, behind);
  if (claim === undefined) return undefined;
  const pairs = await listFullKeyPairs(database.reader, account.id, now);
  const signed = verifySignature(
    claim,
    pairs.map((pair) => pair.private_key),
    now,
  );
  refuseV1Signature(signed, takesV1Uploads(config, account));
  return signed;
}

type SettlingDeps = Pick<DeliveryDeps, "config" | "database" | "namedTransformations" | "now"> &
  Pick<DeliveryDeps, "origins" | "originals" | "sealedSecrets" | "publicUrl">;

interface ResolvedDelivery {
  /** The file, if it isn't in the library. */
  readonly outside: OutsideFile | undefined;
  /** Whether the URL uses named transformations that the account itself has defined. */
  readonly ownNames: boolean;
  readonly delivery: Delivery;
}

/**
 * Decides what a URL means and whether the client may see it, in the order of docs/protocol/delivery.md §2. The client
 * is told of the first fault in that order.
 * @throws DeliveryRefusal, and the database's errors
 */
export async function resolveDelivery(
  deps: SettlingDeps,
  {
    method,
    headers: requestHeaders,
    client,
    requestId,
    target,
  }: Pick<DeliveryRequest, "method" | "headers" | "client" | "requestId" | "target">,
  entered: Entered,
  signal: AbortSignal,
): Promise<ResolvedDelivery> {
  const { account, switches } = entered;
  const { reader } = deps.database;
  const url = parseEndpointUrl(entered);
  const written = readWritten(url.transformations, switches);
  const now = deps.now();
  const signature = await checkSignature(deps, account, entered, now);
  const find = await deps.namedTransformations.of(account.id, namesIn(written), account.revision);
  const { asked, suffixes } = await findAsked(reader, viewerOfServer(account.id), url);
  const rendition = chooseRendition(written, find, suffixes);
  const signed = signature !== undefined;
  const thumbnail = rendition.kind !== "original" && (rendition.thumbnail || rendition.sprite !== undefined);
  const asker = { signed, kind: rendition.kind, thumbnail };
  refuseOtherThumbnail(signature, asked, asker);
  refuseOtherSprite(signature, rendition);
  const there = isThere(asked) ? asked : undefined;
  const party = { account: account.id, client: client === undefined ? "" : clientNetwork(client.address) };
  const asksOrigins = asked === undefined && url.objectVersion === undefined && entered.endpoint.origins.length > 0;
  if (asksOrigins) refuseUnsignedUnread(switches, asker);
  else refuseUnsigned(switches, there, asker);
  refuseUnnamed(switches, written);
  const loop = requestHeaders[loopHeader.name]?.toString();
  const found = asksOrigins
    ? await findAtOrigins(deps, { ...url, ...entered, signed, party, loop }, signal)
    : undefined;
  const outside = found instanceof DeliveryRefusal ? undefined : found;
  if (asksOrigins) refuseUnsigned(switches, outside?.version, asker);
  const version =
    there ??
    outside?.version ??
    (await findInstead(reader, { accountId: account.id, switches }, url, rendition.defaultImage, asker).catch(
      (error: unknown) => {
        // The origin's own trouble says more than that the file is missing.
        throw found instanceof DeliveryRefusal ? found : error;
      },
    ));
  refuseUnshown(switches, version, asker);
  const isVideo = makesVideo(version, rendition);
  const files = isVideo || makesPicture(version, rendition) ? layerFilesOf(rendition.transformation, isVideo) : noFiles;
  refuseUnsignedLayers(switches, files, asker);
  const layers = await findLayers(reader, { accountId: account.id, switches }, files, asker);
  const drawn = [version, ...layers.values()];
  const requestOf = (id: string) => {
    const publicUrl = deps.publicUrl();
    const { folder_path: folder, name } = version;
    const original = assetUrl(publicUrl, account.imagekit_id, folder, name);
    return { requestId: id, publicUrl, url: publicUrl + target, assetUrl: original };
  };
  const cacheability: Cacheability = {
    // A URL may name a version of its file, but not those of the files that its layers draw.
    immutable:
      outside === undefined &&
      Object.values(files).every(({ size }) => size === 0) &&
      (url.objectVersion !== undefined || url.updatedAt === String(updatedAtOf(version))),
    isPrivate: drawn.some(({ is_private_file: isPrivate }) => isPrivate === 1),
    isGuarded: isGuarded(switches),
    signedSeconds: secondsLeft(signature, now),
    standsIn: there === undefined && outside === undefined,
    sharedSeconds: switches.sharedCacheSeconds,
  };
  const delivery: Delivery = {
    version,
    url,
    rendition,
    layers,
    signed,
    oneName: onlyNames(written)?.length === 1,
    switches,
    method,
    requestHeaders,
    ...(isVideo && requestId !== undefined && { request: requestOf(requestId) }),
    party,
    cacheability,
    headers: {
      "cache-control": cacheControl(cacheability),
      "last-modified": lastModified(version, url, layers.values()),
    },
  };
  return { outside, ownNames: find !== findBuiltIn, delivery };
}

/** Videos and subtitles can't lie on a picture, whether they are there or not. What makes the picture refuses them. */
function layerFilesOf(transformation: Transformation, isVideo: boolean): LayerFiles {
  const files = layerFilesIn(transformation);
  return isVideo ? files : { ...noFiles, pictures: files.pictures, fonts: files.fonts };
}

const noFiles: LayerFiles = { pictures: new Set(), videos: new Set(), subtitles: new Set(), fonts: new Set() };

function secondsLeft(signature: Signed | undefined, now: number): number | undefined {
  return signature?.until === undefined ? undefined : signature.until - Math.floor(now / 1000);
}
