import { type DeliverySwitches, readSwitches } from "../../accounts/delivery-switches.ts";
import { isImagekitId } from "../../config/reserved-paths.ts";
import type { Connection } from "../../database/database.ts";
import { type AccountRow, findAccount } from "../../database/repositories/accounts.ts";
import type { DeliveryRequest } from "../delivery.ts";
import type { DeliveryDeps } from "../deps.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { splitEndpoint } from "../url/delivery-url.ts";
import { chooseEndpoint, type EndpointRest } from "../url/endpoint-url.ts";
import { refuseDisabled, refuseOutside } from "./access.ts";

/** @throws DeliveryRefusal ENDPOINT_NOT_FOUND */
export async function findEndpoint(connection: Connection, imagekitId: string): Promise<AccountRow> {
  const account = isImagekitId(imagekitId) ? await findAccount(connection, { imagekit_id: imagekitId }) : undefined;
  if (account === undefined) throw new DeliveryRefusal("ENDPOINT_NOT_FOUND");
  return account;
}

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
  { database: { reader }, urlEndpoints }: Pick<DeliveryDeps, "database" | "urlEndpoints">,
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
