import { layerFilesIn, parseTransformation } from "@sluice/grammar";
import { readSwitches } from "../../../accounts/delivery-switches.ts";
import { serverParty } from "../../../concurrency/fair-line.ts";
import type { Connection } from "../../../database/database.ts";
import type { AccountRow } from "../../../database/repositories/accounts.ts";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import { findLayers } from "../../find/find-layers.ts";
import { refusing, type Transformed } from "../../url/requested-rendition.ts";
import type { Asked } from "../rendition.ts";
import type { AskedLater } from "./later-job.ts";

type Account = Pick<AccountRow, "id" | "delivery_switches">;
type Version = DeliverableRow;

/**
 * Asks something of a version for the server itself, ahead of whoever will ask by a URL.
 * @param signed whether the URL may be signed, and shows private layers then
 * @throws DeliveryRefusal LAYER_NOT_FOUND, TRANSFORMATION_LIMIT; the database's errors
 */
export async function askedByServer(
  reader: Connection,
  { id: accountId, delivery_switches }: Account,
  version: Version,
  rendition: Omit<Transformed, "playlist">,
  signed: boolean,
): Promise<Asked> {
  const { kind, thumbnail, transformation } = rendition;
  const switches = readSwitches(delivery_switches);
  const asker = { signed, kind, thumbnail };
  const layers = await findLayers(reader, { accountId, switches }, layerFilesIn(transformation), asker);
  return {
    version,
    rendition: { ...rendition, playlist: false, defaultImage: undefined },
    layers,
    signed,
    switches,
    requestHeaders: {},
    party: serverParty,
    models: "any",
    variation: undefined,
    query: undefined,
    sanitizes: true,
  };
}

/**
 * Asks again what a job's URL asked. The request has been held against all rules of access.
 * @throws as `askedByServer` does; DeliveryRefusal TRANSFORMATION_INVALID
 */
export async function askedAgain(
  reader: Connection,
  account: Account,
  version: Version,
  { transformation: text, thumbnail, asVideo = false, signed, kind, width, dpr, variation }: AskedLater,
): Promise<Asked> {
  const transformation = refusing(() => parseTransformation(text));
  const asked = await askedByServer(reader, account, version, { kind, thumbnail, asVideo, transformation }, signed);
  const requestHeaders = {
    ...(width !== undefined && { "sec-ch-width": width.toString() }),
    ...(dpr !== undefined && { "sec-ch-dpr": dpr.toString() }),
  };
  return { ...asked, requestHeaders, variation };
}
