import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection } from "../../database/database.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";
import { listOrigins } from "../../database/repositories/origins.ts";
import { deleteOwned, updateOwned } from "../../database/repositories/owned-rows.ts";
import { findUrlEndpoint, insertUrlEndpoint, listUrlEndpoints } from "../../database/repositories/url-endpoints.ts";
import type { EndpointDeps } from "../deps.ts";
import { type NewUrlEndpoint, parseUrlEndpoint } from "./parse-url-endpoint.ts";
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
  { database, now }: Pick<EndpointDeps, "database" | "now">,
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
  { database, now }: Pick<EndpointDeps, "database" | "now">,
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
  { database }: Pick<EndpointDeps, "database">,
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

/** The limit for one account, without the default endpoint. */
const maxUrlEndpoints = 100;

type Refusal<Reason> = { readonly outcome: Reason };
type Kept = Refusal<"done" | "prefix taken" | "no origin">;

interface OwnedRow {
  readonly accountId: string;
  readonly id: string;
}
type Values = OwnedRow & { readonly endpoint: NewUrlEndpoint; readonly now: number };

/** Locks the account's row, so that prefixes stay unique and no origin is deleted meanwhile. */
export async function createUrlEndpoint(
  connection: Connection,
  { accountId, id, endpoint, now }: Values,
): Promise<Kept | Refusal<"too many">> {
  await lockAccount(connection, { id: accountId });
  const refusal = await refuse(connection, { accountId, id }, endpoint);
  if (refusal !== undefined) return refusal;
  const own = (await listUrlEndpoints(connection, accountId)).filter((row) => row.id !== defaultEndpointId);
  if (own.length >= maxUrlEndpoints) return { outcome: "too many" };
  await insertUrlEndpoint(connection, { account_id: accountId, id, ...columnsOf(endpoint), created_at: now });
  return { outcome: "done" };
}

/** Replaces an endpoint. The default endpoint has no row until it is replaced for the first time. */
export async function replaceUrlEndpoint(
  connection: Connection,
  { accountId, id, endpoint, now }: Values,
): Promise<Kept | Refusal<"not there">> {
  await lockAccount(connection, { id: accountId });
  const row = await findUrlEndpoint(connection, accountId, { id });
  if (row === undefined && id !== defaultEndpointId) return { outcome: "not there" };
  const refusal = await refuse(connection, { accountId, id }, endpoint);
  if (refusal !== undefined) return refusal;
  const columns = columnsOf(endpoint);
  if (row !== undefined) await updateOwned(connection, "url_endpoints", { accountId, id }, columns);
  else await insertUrlEndpoint(connection, { account_id: accountId, id, ...columns, created_at: now });
  return { outcome: "done" };
}

export async function removeUrlEndpoint(
  connection: Connection,
  { accountId, id }: OwnedRow,
): Promise<Refusal<"done" | "not there">> {
  await lockAccount(connection, { id: accountId });
  return { outcome: (await deleteOwned(connection, "url_endpoints", { accountId, id })) ? "done" : "not there" };
}

async function refuse(
  connection: Connection,
  { accountId, id }: OwnedRow,
  { urlPrefix, origins }: NewUrlEndpoint,
): Promise<Kept | undefined> {
  const namesake = await findUrlEndpoint(connection, accountId, { prefix: urlPrefix });
  if (namesake !== undefined && namesake.id !== id) return { outcome: "prefix taken" };
  const known = new Set((await listOrigins(connection, accountId)).map((origin) => origin.id));
  return origins.every((origin) => known.has(origin)) ? undefined : { outcome: "no origin" };
}

function columnsOf({ description, urlPrefix, origins, urlRewriter }: NewUrlEndpoint) {
  return {
    description,
    url_prefix: urlPrefix,
    origin_ids: JSON.stringify(origins),
    url_rewriter: urlRewriter === undefined ? null : JSON.stringify(urlRewriter),
  };
}
