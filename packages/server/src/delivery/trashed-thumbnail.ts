import type { IncomingHttpHeaders } from "node:http";
import { SluiceError } from "@sluice/protocol";
import { findDeliverySwitches } from "../database/repositories/accounts.ts";
import { findTrashedDeliverable } from "../database/repositories/trash.ts";
import { isId } from "../text/id.ts";
import type { Client, Delivery } from "./delivery.ts";
import { deliveryOfVersion, pictureUrl } from "./delivery-of-version.ts";
import type { DeliveryNeeds } from "./needs.ts";
import { DeliveryRefusal } from "./refusals/refusal.ts";
import { makesPicture } from "./renditions/pictures/makes-picture.ts";

export interface TrashedThumbnailRequest {
  /** The account that the caller has proved to speak for. */
  readonly accountId: string;
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
  { database: { reader } }: Pick<DeliveryNeeds, "database">,
  { accountId, fileId, side, accept, client }: TrashedThumbnailRequest,
): Promise<Delivery> {
  const url = pictureUrl(side, undefined);
  const version = isId(fileId) ? await findTrashedDeliverable(reader, accountId, fileId) : undefined;
  if (version === undefined) throw new SluiceError("FILE_NOT_IN_TRASH");
  const switches = await findDeliverySwitches(reader, accountId);
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
