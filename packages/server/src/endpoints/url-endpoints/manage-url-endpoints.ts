import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection } from "../../database/database.ts";
import { lockAccount } from "../../database/repositories/accounts.ts";
import { listOrigins } from "../../database/repositories/origins.ts";
import { deleteOwned, updateOwned } from "../../database/repositories/owned-rows.ts";
import { findUrlEndpoint, insertUrlEndpoint, listUrlEndpoints } from "../../database/repositories/url-endpoints.ts";
import { assertKnownMembers, unknownParameter } from "../../text/parameter.ts";
import type { EndpointDeps } from "../deps.ts";
import {
  defaultEndpointId,
  newUrlEndpointId,
  type UrlEndpoint,
  type UrlRewriter,
  withDefault,
} from "./url-endpoints.ts";

export type NewUrlEndpoint = Omit<UrlEndpoint, "id">;

type Body = Readonly<Record<string, unknown>>;

/** The greatest lengths in characters, and the greatest number of origins, are the vendor's. */
const maxDescriptionLength = 1000;
const maxPrefixLength = 100;
const maxOrigins = 10;

/**
 * Parses the body that creates an endpoint, or replaces one.
 * @param id the endpoint's id, which is its prefix if the body has none; the default endpoint alone has the empty prefix
 * @throws SluiceError URL_ENDPOINT_INVALID, URL_PREFIX_EMPTY, PARAMETER_INVALID
 */
export function parseUrlEndpoint(body: Body, id: string): NewUrlEndpoint {
  assertKnownMembers(body, ["description", "urlPrefix", "origins", "urlRewriter"]);
  const { description, urlPrefix, origins = [], urlRewriter } = body;
  const isDefault = id === defaultEndpointId;
  const rewriter = urlRewriter === undefined ? undefined : parseRewriter(urlRewriter);
  return {
    description: parseDescription(description),
    urlPrefix: urlPrefix === undefined ? (isDefault ? "" : id) : parsePrefix(urlPrefix, isDefault),
    origins: parseOrigins(origins),
    ...(rewriter !== undefined && { urlRewriter: rewriter }),
  };
}

function parseDescription(value: unknown): string {
  if (value === undefined) throw invalid("description", "is required");
  if (typeof value !== "string") throw invalid("description", "must be a string");
  if (value === "" || value.length > maxDescriptionLength) {
    throw invalid("description", `must have 1 to ${maxDescriptionLength} characters`);
  }
  return value;
}

function parsePrefix(value: unknown, isDefault: boolean): string {
  if (typeof value !== "string") throw invalid("urlPrefix", "must be a string");
  if (isDefault) {
    if (value !== "") throw invalid("urlPrefix", "of the default URL-endpoint is always empty");
    return value;
  }
  if (value === "") throw new SluiceError("URL_PREFIX_EMPTY");
  // `ik-seo` and the like have a meaning of their own in the place of a prefix.
  if (!/^[A-Za-z0-9-]+$/.test(value) || value.length > maxPrefixLength || /^ik-/i.test(value)) {
    throw invalid(
      "urlPrefix",
      `must have 1 to ${maxPrefixLength} letters, digits and hyphens, and must not begin with ik-`,
    );
  }
  return value;
}

function parseOrigins(value: unknown): readonly string[] {
  const isList = Array.isArray(value) && value.every((id) => typeof id === "string");
  if (!isList) throw invalid("origins", "must be an array of origin ids");
  if (value.length > maxOrigins) throw invalid("origins", `must have at most ${maxOrigins} entries`);
  if (new Set(value).size < value.length) throw invalid("origins", "must not name an origin twice");
  return value;
}

const rewriterTypes: readonly unknown[] = ["CLOUDINARY", "IMGIX", "AKAMAI"] satisfies UrlRewriter["type"][];

function parseRewriter(value: unknown): UrlRewriter {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("urlRewriter", "must be an object");
  }
  const { type, preserveAssetDeliveryTypes = false } = value as Body;
  if (!rewriterTypes.includes(type)) throw invalid("urlRewriter.type", `must be one of ${rewriterTypes.join(", ")}`);
  const isCloudinary = type === "CLOUDINARY";
  const known = isCloudinary ? ["type", "preserveAssetDeliveryTypes"] : ["type"];
  const other = Object.keys(value).find((name) => !known.includes(name));
  if (other !== undefined) throw unknownParameter(`urlRewriter.${other}`, known);
  if (!isCloudinary) return { type: type as "IMGIX" | "AKAMAI" };
  if (typeof preserveAssetDeliveryTypes !== "boolean") {
    throw invalid("urlRewriter.preserveAssetDeliveryTypes", "must be true or false");
  }
  return { type, preserveAssetDeliveryTypes };
}

function invalid(member: string, problem: string): SluiceError {
  return new SluiceError("URL_ENDPOINT_INVALID", { member, problem });
}

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
