import { type DeliverySwitches, readSwitches } from "../../accounts/delivery-switches.ts";
import type { AccountRow } from "../../database/repositories/accounts.ts";
import type { DeliveryRequest } from "../delivery.ts";
import type { DeliveryNeeds } from "../needs.ts";
import { splitEndpoint } from "../url/delivery-url.ts";
import { chooseEndpoint, type EndpointRest } from "../url/endpoint-url.ts";
import { refuseDisabled, refuseOutside } from "./access.ts";
import { findEndpoint } from "./find-endpoint.ts";

/** A request that the account lets in, before its URL is read. */
export interface Entered extends EndpointRest {
  readonly account: AccountRow;
  readonly switches: DeliverySwitches;
  /** The target behind the account's id, byte for byte. */
  readonly rest: string;
}

/**
 * Finds the account and the endpoint of a request, and refuses clients that the account doesn't deliver to.
 * @throws DeliveryRefusal ENDPOINT_NOT_FOUND, ACCOUNT_DISABLED, and those of the perimeter
 */
export async function enter(
  { database: { reader }, urlEndpoints }: Pick<DeliveryNeeds, "database" | "urlEndpoints">,
  { target, headers, client, onAccount }: Pick<DeliveryRequest, "target" | "headers" | "client" | "onAccount">,
): Promise<Entered> {
  const { imagekitId, rest } = splitEndpoint(target);
  const account = await findEndpoint(reader, imagekitId);
  refuseDisabled(account);
  onAccount?.(account.id);
  const switches = readSwitches(account.delivery_switches);
  const { referer: referrer, "user-agent": userAgent } = headers;
  refuseOutside(switches, client && { ...client, referrer, userAgent });
  const endpoints = await urlEndpoints.of(account.id, account.revision);
  return { account, switches, rest, ...chooseEndpoint(endpoints, rest) };
}
