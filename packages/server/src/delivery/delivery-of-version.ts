import type { IncomingHttpHeaders } from "node:http";
import { previewSides, previewSidesText, SluiceError } from "@sluice/protocol";
import type { Viewer } from "../access/viewer.ts";
import { readSwitches } from "../accounts/delivery-switches.ts";
import { findDeliverySwitches } from "../database/repositories/accounts.ts";
import type { DeliverableRow } from "../database/repositories/deliverables.ts";
import { findTrashedDeliverable } from "../database/repositories/trash.ts";
import { hasThumbnail } from "../library/files/file-type.ts";
import { findBuiltIn } from "../library/named-transformations/named-transformations.ts";
import { clientNetwork } from "../network/client-network.ts";
import { isId } from "../text/id.ts";
import type { Client, Delivery } from "./delivery.ts";
import type { DeliveryDeps } from "./deps.ts";
import { noLayers } from "./find/find-layers.ts";
import { type Cacheability, cacheControl } from "./headers/cache-control.ts";
import { lastModified } from "./headers/conditional.ts";
import { DeliveryRefusal } from "./refusals/refusal.ts";
import { makesPicture } from "./renditions/pictures/makes-picture.ts";
import type { DeliveryUrl } from "./url/delivery-url.ts";
import { chooseRendition, readWritten } from "./url/requested-rendition.ts";
import type { VirtualSuffix } from "./url/virtual-suffix.ts";

interface ShownVersion {
  /** The side in pixels within which the picture is asked for; undefined for the file itself. */
  readonly side: string | undefined;
  /** The account's delivery switches as they are stored. */
  readonly switches: string | null;
  readonly method: Delivery["method"];
  readonly requestHeaders: IncomingHttpHeaders;
  readonly client: Client;
  /** Seconds for which the client's own browser may keep the answer. */
  readonly seconds: number;
}

/** The delivery of one version, whatever its URL, to somebody who may see the version. The caller has checked that. */
export function deliveryOfVersion(
  version: DeliverableRow,
  url: DeliveryUrl,
  { side, switches, method, requestHeaders, client, seconds }: ShownVersion,
): Delivery {
  const cacheability: Cacheability = {
    immutable: false,
    isPrivate: true,
    isGuarded: true,
    signedSeconds: seconds,
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
    switches: readSwitches(switches),
    method,
    requestHeaders,
    party: { account: version.account_id, client: clientNetwork(client.address) },
    cacheability,
    headers: { "cache-control": cacheControl(cacheability), "last-modified": lastModified(version, url) },
  };
}

const pageNumber = /^[1-9]\d{0,5}$/;

/** Without a side, the link shows the file itself. With one, that of a video shows a still, and starts no encode. */
function suffixesFor(version: Pick<DeliverableRow, "kind">, side: string | undefined): readonly VirtualSuffix[] {
  return side !== undefined && version.kind !== "picture" && hasThumbnail(version) ? ["ik-thumbnail.jpg"] : [];
}

/**
 * The delivery URL that would ask for a picture of the version, as far as answers look at it.
 * @throws DeliveryRefusal QUERY_INVALID
 */
export function pictureUrl(side: string | undefined, page: string | undefined): DeliveryUrl {
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

export interface TrashedThumbnailRequest {
  readonly viewer: Viewer;
  readonly fileId: string;
  /** The side in pixels within which the thumbnail fits. */
  readonly side: string;
  readonly accept: IncomingHttpHeaders["accept"];
  readonly client: Client;
}

/**
 * Finds the thumbnail of a file in the trash. No other delivery finds such a file. The caller may read the account's
 * trash, which has been checked.
 * @throws SluiceError FILE_NOT_IN_TRASH; DeliveryRefusal NOT_FOUND for a file without a thumbnail, QUERY_INVALID
 */
export async function findTrashedThumbnail(
  { database: { reader } }: Pick<DeliveryDeps, "database">,
  { viewer, fileId, side, accept, client }: TrashedThumbnailRequest,
): Promise<Delivery> {
  const url = pictureUrl(side, undefined);
  const version = isId(fileId) ? await findTrashedDeliverable(reader, viewer, fileId) : undefined;
  if (version === undefined) throw new SluiceError("FILE_NOT_IN_TRASH");
  const switches = await findDeliverySwitches(reader, viewer.accountId);
  // Conditions and ranges are left out: nothing keeps the answer, so no client has a part of it.
  const requestHeaders = accept === undefined ? {} : { accept };
  const delivery = deliveryOfVersion(version, url, {
    side,
    switches,
    method: "GET",
    requestHeaders,
    client,
    seconds: 0,
  });
  if (!makesPicture(version, delivery.rendition)) throw new DeliveryRefusal("NOT_FOUND");
  return delivery;
}
