import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection } from "../../database/database.ts";
import { listUrlEndpoints } from "../../database/repositories/url-endpoints.ts";
import type { EndpointNeeds } from "../needs.ts";
import { parseUrlEndpoint } from "./parse-url-endpoint.ts";
import {
  createUrlEndpoint,
  maxUrlEndpoints,
  removeUrlEndpoint,
  replaceUrlEndpoint,
} from "./url-endpoint-transactions.ts";
import { defaultEndpointId, newUrlEndpointId, type UrlEndpoint, withDefault } from "./url-endpoints.ts";

type Body = Readonly<Record<string, unknown>>;

/** Lists the default endpoint, then the others in the order in which they were created. */
export async function listEndpoints(reader: Connection, accountId: string): Promise<readonly UrlEndpoint[]> {
  return withDefault(await listUrlEndpoints(reader, accountId));
}

/** @throws SluiceError URL_ENDPOINT_NOT_FOUND */
export async function getEndpoint(reader: Connection, accountId: string, id: string): Promise<UrlEndpoint> {
  const endpoint = (await listEndpoints(reader, accountId)).find((one) => one.id === id);
  if (endpoint === undefined) throw refusals["not there"]();
  return endpoint;
}

/** @throws SluiceError URL_ENDPOINT_INVALID and what `refusals` lists */
export async function createEndpoint(
  { database, now }: Pick<EndpointNeeds, "database" | "now">,
  { accountId }: Principal,
  body: Body,
): Promise<UrlEndpoint> {
  const id = newUrlEndpointId();
  const endpoint = parseUrlEndpoint(body, id);
  const { outcome } = await database.run(createUrlEndpoint, { accountId, id, endpoint, now: now() });
  if (outcome !== "done") throw refusals[outcome]();
  return { id, ...endpoint };
}

/** @throws SluiceError URL_ENDPOINT_INVALID and what `refusals` lists */
export async function replaceEndpoint(
  { database, now }: Pick<EndpointNeeds, "database" | "now">,
  { accountId }: Principal,
  id: string,
  body: Body,
): Promise<UrlEndpoint> {
  const endpoint = parseUrlEndpoint(body, id);
  const { outcome } = await database.run(replaceUrlEndpoint, { accountId, id, endpoint, now: now() });
  if (outcome !== "done") throw refusals[outcome]();
  return { id, ...endpoint };
}

/** @throws SluiceError URL_ENDPOINT_DEFAULT, URL_ENDPOINT_NOT_FOUND */
export async function removeEndpoint(
  { database }: Pick<EndpointNeeds, "database">,
  { accountId }: Principal,
  id: string,
): Promise<void> {
  if (id === defaultEndpointId) throw new SluiceError("URL_ENDPOINT_DEFAULT");
  const { outcome } = await database.run(removeUrlEndpoint, { accountId, id });
  if (outcome !== "done") throw refusals[outcome]();
}

const refusals = {
  "prefix taken": () => new SluiceError("URL_PREFIX_TAKEN"),
  "no origin": () => new SluiceError("URL_ENDPOINT_ORIGIN_UNKNOWN"),
  "too many": () => new SluiceError("TOO_MANY_URL_ENDPOINTS", { limit: maxUrlEndpoints }),
  "not there": () => new SluiceError("URL_ENDPOINT_NOT_FOUND"),
} as const;
