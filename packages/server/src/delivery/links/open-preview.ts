import type { IncomingHttpHeaders } from "node:http";
import { previewSides, previewSidesText } from "@sluice/protocol";
import { readSwitches } from "../../accounts/delivery-switches.ts";
import { type DeliverableRow, findDeliverableVersion } from "../../database/repositories/deliverables.ts";
import { listFullKeyPairs } from "../../database/repositories/key-pairs.ts";
import { hasThumbnail } from "../../library/files/has-thumbnail.ts";
import { findBuiltIn } from "../../library/named-transformations/built-in.ts";
import { clientNetwork } from "../../network/client-network.ts";
import { isId } from "../../text/id.ts";
import type { Client, Delivery } from "../delivery.ts";
import { refuseDisabled } from "../find/access.ts";
import { findEndpoint } from "../find/find-endpoint.ts";
import { noLayers } from "../find/find-layers.ts";
import { type Cacheability, cacheControl } from "../headers/cache-control.ts";
import { lastModified } from "../headers/last-modified.ts";
import type { DeliveryNeeds } from "../needs.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { DeliveryUrl } from "../url/delivery-url.ts";
import { chooseRendition, readWritten } from "../url/requested-rendition.ts";
import type { VirtualSuffix } from "../url/virtual-suffix.ts";
import { isSigned } from "./preview-link.ts";

/** A preview's link as a request presents it. None of it can be trusted. */
export interface PresentedLink {
  readonly imagekitId: string;
  readonly versionId: string;
  readonly expires: string;
  readonly signature: string;
  /** The side in pixels within which the picture is asked for; undefined for the file itself. */
  readonly side: string | undefined;
  /** The page or frame, counted from 1, of which the picture is made; undefined for the first one. */
  readonly page: string | undefined;
}

export interface PreviewRequest {
  readonly link: PresentedLink;
  readonly method: Delivery["method"];
  readonly headers: IncomingHttpHeaders;
  readonly client: Client;
  readonly onAccount: (accountId: string) => void;
}

type OpeningNeeds = Pick<DeliveryNeeds, "database" | "now">;

/**
 * Opens a preview's link. It shows its version even where that is a draft or private, and to nobody else: whoever has
 * the link got it from somebody who may sign URLs. What is asked without a right signature is missing, whatever it is.
 * @throws DeliveryRefusal NOT_FOUND, SIGNATURE_EXPIRED, QUERY_INVALID, ENDPOINT_NOT_FOUND, ACCOUNT_DISABLED
 */
export async function openPreview(
  { database: { reader }, now }: OpeningNeeds,
  { link, method, headers: requestHeaders, client, onAccount }: PreviewRequest,
): Promise<Delivery> {
  const { imagekitId, versionId, expires, signature, side, page } = link;
  const account = await findEndpoint(reader, imagekitId);
  refuseDisabled(account);
  onAccount(account.id);
  const time = now();
  const keys = (await listFullKeyPairs(reader, account.id, time)).map(({ private_key: key }) => key);
  const isRight = isId(versionId) && isSigned(keys, { accountId: account.id, versionId, expires }, signature);
  if (!isRight) throw new DeliveryRefusal("NOT_FOUND");
  const left = Number(expires) - Math.floor(time / 1000);
  if (left < 0) throw new DeliveryRefusal("SIGNATURE_EXPIRED");
  const url = urlOf(side, page);
  const version = await findDeliverableVersion(reader, account.id, versionId);
  if (version === undefined) throw new DeliveryRefusal("NOT_FOUND");
  const cacheability: Cacheability = {
    immutable: false,
    isPrivate: true,
    isGuarded: true,
    signedSeconds: left,
    standsIn: false,
    sharedSeconds: 0,
  };
  return {
    version,
    url,
    layers: noLayers,
    rendition: chooseRendition(readWritten(url.transformations), findBuiltIn, suffixesFor(version, side)),
    signed: true,
    oneName: false,
    switches: readSwitches(account.delivery_switches),
    method,
    requestHeaders,
    party: { account: account.id, client: clientNetwork(client.address) },
    cacheability,
    headers: { "cache-control": cacheControl(cacheability), "last-modified": lastModified(version, url) },
  };
}

const pageNumber = /^[1-9]\d{0,5}$/;

/** Without a side, the link shows the file itself. With one, that of a video shows a still, and starts no encode. */
function suffixesFor(version: Pick<DeliverableRow, "kind">, side: string | undefined): readonly VirtualSuffix[] {
  return side !== undefined && version.kind !== "picture" && hasThumbnail(version) ? ["ik-thumbnail.jpg"] : [];
}

/** The delivery URL that would ask for the same, as far as answers look at it. */
function urlOf(side: string | undefined, page: string | undefined): DeliveryUrl {
  const isKnown = side === undefined || previewSides.some((known) => String(known) === side);
  if (!isKnown) {
    throw new DeliveryRefusal("QUERY_INVALID", {}, { message: `side must be ${previewSidesText}` });
  }
  if (page !== undefined && (side === undefined || !pageNumber.test(page))) {
    throw new DeliveryRefusal("QUERY_INVALID", {}, { message: "page must be a number from 1, and needs side" });
  }
  const parameters = `${page === undefined ? "" : `pg-${page},`}w-${side},h-${side},c-at_max`;
  return {
    remote: undefined,
    segments: [],
    suffixes: [],
    seo: false,
    transformations: side === undefined ? [] : [{ text: parameters, form: "query" }],
    query: undefined,
    objectVersion: undefined,
    updatedAt: undefined,
    others: "",
    attachment: undefined,
    sanitizeSvg: true,
  };
}
