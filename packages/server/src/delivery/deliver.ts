import type { IncomingHttpHeaders } from "node:http";
import { namesIn } from "@sluice/grammar";
import { type DeliverySwitches, readSwitches } from "../accounts/delivery-switches.ts";
import { takesV1Uploads } from "../accounts/v1-uploads.ts";
import type { Services } from "../app/services.ts";
import type { Party } from "../concurrency/fair-line.ts";
import type { AccountRow } from "../database/repositories/accounts.ts";
import type { DeliverableRow } from "../database/repositories/deliverables.ts";
import type { DeliveryPlace, DeliveryState } from "../database/repositories/delivery-states.ts";
import { listActiveKeyPairs } from "../database/repositories/key-pairs.ts";
import { findBuiltIn } from "../library/named-transformations/built-in.ts";
import { joinPath } from "../library/names/folder.ts";
import { sourceFormatOf } from "../media/image/render/read-source.ts";
import { clientNetwork } from "../network/client-network.ts";
import type { Answer } from "./answers/answer.ts";
import { answerFile } from "./answers/drawing.ts";
import { answerRendered } from "./answers/image.ts";
import { answerOriginal } from "./answers/stored.ts";
import { isThere, mayShow, refuseUnnamed, refuseUnsigned, refuseV1Signature } from "./find/access.ts";
import { findAsked, findInstead } from "./find/find-file.ts";
import { resolveEndpoint } from "./find/resolve.ts";
import { type Cacheability, cacheControl } from "./headers/cache-control.ts";
import { DeliveryRefusal } from "./refusals/refusal.ts";
import { type DeliveryUrl, parseDeliveryUrl, splitEndpoint } from "./url/delivery-url.ts";
import { chooseRendition, readWritten } from "./url/rendition.ts";
import { readSignature, type Signed, verifySignature } from "./url/signed-url.ts";

export interface DeliveryServices {
  readonly config: Pick<Services["config"], "imagekitId" | "v1Uploads">;
  readonly database: Pick<Services["database"], "reader">;
  readonly blobs: Pick<Services["blobs"], "size" | "read" | "link">;
  readonly images: Pick<Services["images"], "render" | "sanitise" | "hold">;
  readonly derived: Pick<Services["derived"], "get" | "recall">;
  readonly compressor: Pick<Services["compressor"], "suits" | "compress">;
  readonly namedTransformations: Pick<Services["namedTransformations"], "of">;
  readonly now: Services["now"];
}

export interface DeliveryRequest {
  /** The request target in origin form, byte for byte as it was sent. */
  readonly target: string;
  readonly method: "GET" | "HEAD";
  readonly headers: IncomingHttpHeaders;
  /** The client's, where it isn't the server itself that asks. */
  readonly address?: string;
}

/** What is to be sent, once access is settled. */
export interface Delivery {
  readonly version: DeliverableRow;
  readonly url: DeliveryUrl;
  readonly signed: boolean;
  readonly switches: DeliverySwitches;
  readonly method: DeliveryRequest["method"];
  readonly requestHeaders: IncomingHttpHeaders;
  /** Among whom what has to be made is shared out. */
  readonly party: Party;
  readonly cacheability: Cacheability;
  /** Those that an answer without a body carries as well. */
  readonly headers: { readonly "cache-control": string; readonly "last-modified": string };
}

/**
 * Decides what a URL delivers, in the order of docs/protocol/delivery.md §2.
 * @throws DeliveryRefusal, and the errors of database, store and image engine
 */
export async function deliver(
  services: DeliveryServices,
  request: DeliveryRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { reader } = services.database;
  const { imagekitId, rest } = splitEndpoint(request.target);
  const account = await resolveEndpoint(reader, imagekitId);
  const switches = readSwitches(account.delivery_switches);
  const url = parseDeliveryUrl(rest);
  const written = readWritten(url.transformations, switches);
  const now = services.now();
  const signature = await checkSignature(services, account, rest, now);
  const find = await services.namedTransformations.of(account.id, namesIn(written), account.revision);
  const { asked, suffixes } = await findAsked(reader, account.id, url);
  const rendition = chooseRendition(written, find, suffixes);
  const signed = signature !== undefined;
  const asker = { signed, kind: rendition.kind };
  const there = isThere(asked) ? asked : undefined;
  refuseUnsigned(switches, there, asker);
  refuseUnnamed(switches, written);
  const version = there ?? (await findInstead(reader, account.id, url, rendition.defaultImage, asker));
  if (!mayShow(version, asker)) throw new DeliveryRefusal("PRIVATE");
  const cacheability: Cacheability = {
    immutable: url.objectVersion !== undefined || url.updatedAt === String(version.updated_at),
    isPrivate: version.is_private_file === 1,
    signedSeconds: secondsLeft(signature, now),
    standsIn: there === undefined,
    sharedSeconds: switches.sharedCacheSeconds,
  };
  const delivery: Delivery = {
    version,
    url,
    signed,
    switches,
    method: request.method,
    requestHeaders: request.headers,
    party: { account: account.id, client: request.address === undefined ? "" : clientNetwork(request.address) },
    cacheability,
    headers: { "cache-control": cacheControl(cacheability), "last-modified": lastModified(version, url) },
  };
  if (rendition.kind === "original") return answerOriginal(services, delivery, signal);
  const asIs = rendition.kind === "plain" && !makesPlain(delivery);
  const answer = asIs
    ? await answerFile(services, delivery, signal)
    : await answerRendered(services, delivery, rendition, signal);
  if (answer.derived === undefined || signed || there === undefined) return answer;
  const place = placeOf(imagekitId, url, there);
  // What an account's own names stand for may change.
  if (place === undefined || find !== findBuiltIn) return answer;
  return { ...answer, grounds: { place, state: stateOf(account, there), ...answer.derived } };
}

/** Undefined where the URL leads to the version in a roundabout way. */
function placeOf(imagekitId: string, url: DeliveryUrl, version: DeliverableRow): DeliveryPlace | undefined {
  const { folder_path: path, name } = version;
  const direct = url.suffixes.length === 0 && !url.seo && joinPath(path, name) === `/${url.segments.join("/")}`;
  return direct ? { imagekitId, path, name, objectVersion: url.objectVersion } : undefined;
}

function stateOf({ status, delivery_switches }: AccountRow, version: DeliverableRow): DeliveryState {
  const { id: version_id, purges, updated_at, file_updated_at, is_published, is_private_file } = version;
  const { custom_coordinates } = version;
  const ofVersion = {
    version_id,
    purges,
    updated_at,
    file_updated_at,
    is_published,
    is_private_file,
    custom_coordinates,
  };
  return { account_status: status, delivery_switches, ...ofVersion };
}

/** Of images that can be read; all other files are delivered as they are (docs/protocol/delivery.md §15.19, §15.20). */
function makesPlain({ version, switches }: Delivery): boolean {
  return switches.plainImages === "optimised" && sourceFormatOf(version.mime) !== undefined;
}

async function checkSignature(
  { config, database }: Pick<DeliveryServices, "config" | "database">,
  account: AccountRow,
  rest: string,
  now: number,
): Promise<Signed | undefined> {
  const claim = readSignature(rest);
  if (claim === undefined) return undefined;
  const pairs = await listActiveKeyPairs(database.reader, account.id, now);
  const signed = verifySignature(
    claim,
    pairs.map((pair) => pair.private_key),
    now,
  );
  refuseV1Signature(signed, takesV1Uploads(config, account));
  return signed;
}

function secondsLeft(signature: Signed | undefined, now: number): number | undefined {
  return signature?.until === undefined ? undefined : signature.until - Math.floor(now / 1000);
}

function lastModified(version: DeliverableRow, { objectVersion }: DeliveryUrl): string {
  // The plain URL changes also when an older version becomes the current one again.
  const { updated_at: own, file_updated_at: files } = version;
  return new Date(objectVersion === undefined ? Math.max(own, files) : own).toUTCString();
}
