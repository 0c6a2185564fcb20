import type { IncomingHttpHeaders } from "node:http";
import { findDeliverableVersion } from "../../database/repositories/deliverables.ts";
import { listFullKeyPairs } from "../../database/repositories/key-pairs.ts";
import { isId } from "../../text/id.ts";
import type { Client, Delivery } from "../delivery.ts";
import { deliveryOfVersion, pictureUrl } from "../delivery-of-version.ts";
import { refuseDisabled } from "../find/access.ts";
import { findEndpoint } from "../find/find-endpoint.ts";
import type { DeliveryNeeds } from "../needs.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
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
  const url = pictureUrl(side, page);
  const version = await findDeliverableVersion(reader, account.id, versionId);
  if (version === undefined) throw new DeliveryRefusal("NOT_FOUND");
  const switches = account.delivery_switches;
  return deliveryOfVersion(version, url, { side, switches, method, requestHeaders, client, seconds: left });
}
