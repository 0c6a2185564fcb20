import type { IncomingHttpHeaders } from "node:http";
import { previewSides, previewSidesText } from "@sluice/protocol";
import { readSwitches } from "../accounts/delivery-switches.ts";
import type { DeliverableRow } from "../database/repositories/deliverables.ts";
import { hasThumbnail } from "../library/files/has-thumbnail.ts";
import { findBuiltIn } from "../library/named-transformations/built-in.ts";
import { clientNetwork } from "../network/client-network.ts";
import type { Client, Delivery } from "./delivery.ts";
import { noLayers } from "./find/find-layers.ts";
import { type Cacheability, cacheControl } from "./headers/cache-control.ts";
import { lastModified } from "./headers/last-modified.ts";
import { DeliveryRefusal } from "./refusals/refusal.ts";
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
