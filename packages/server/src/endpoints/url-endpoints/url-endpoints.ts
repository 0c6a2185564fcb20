import { AccountMemory, type Measured } from "../../accounts/account-memory.ts";
import type { Connection } from "../../database/database.ts";
import { listUrlEndpoints, type UrlEndpointRow } from "../../database/repositories/url-endpoints.ts";
import { randomDigits } from "../../text/random-digits.ts";

/** A service whose URLs an endpoint takes (docs/url-endpoints.md). */
export type UrlRewriter =
  | { readonly type: "CLOUDINARY"; readonly preserveAssetDeliveryTypes: boolean }
  | { readonly type: "IMGIX" }
  | { readonly type: "AKAMAI" };

/** The first part of delivery URLs behind the account's id, and what such URLs lead to (docs/protocol/delivery.md §1). */
export interface UrlEndpoint {
  readonly id: string;
  readonly description: string;
  /** Letters, digits and hyphens. Empty for the default endpoint alone. */
  readonly urlPrefix: string;
  /** The ids of the origins, in the order in which they are asked for what the library lacks. */
  readonly origins: readonly string[];
  readonly urlRewriter?: UrlRewriter;
}

export const defaultEndpointId = "default";

/** The endpoint that every account has, as long as nobody has changed it. */
export const defaultEndpoint: UrlEndpoint = Object.freeze({
  id: defaultEndpointId,
  description: "Default URL-endpoint",
  urlPrefix: "",
  origins: Object.freeze([]),
});

function urlEndpointOf(row: UrlEndpointRow): UrlEndpoint {
  const { id, description, url_prefix: urlPrefix, origin_ids: origins, url_rewriter: rewriter } = row;
  return {
    id,
    description,
    urlPrefix,
    origins: JSON.parse(origins) as string[],
    ...(rewriter !== null && { urlRewriter: JSON.parse(rewriter) as UrlRewriter }),
  };
}

/** Completes an account's endpoints by the default one, which comes first. */
export function withDefault(rows: readonly UrlEndpointRow[]): readonly UrlEndpoint[] {
  const endpoints = rows.map(urlEndpointOf);
  const changed = endpoints.find(({ id }) => id === defaultEndpointId);
  return [changed ?? defaultEndpoint, ...endpoints.filter(({ id }) => id !== defaultEndpointId)];
}

export const newUrlEndpointId = randomDigits;

/** Limit for the remembered endpoints of all accounts together, in characters. */
const rememberedLength = 2 * 1024 * 1024;
/** The overhead of an account and of an endpoint, besides its texts. */
const entryLength = 200;

/** An account's endpoints by their prefixes. The default endpoint has the empty prefix. */
export type EndpointsByPrefix = ReadonlyMap<string, UrlEndpoint>;

/** Knows the current URL endpoints of all accounts. Every delivery asks for them. */
export class UrlEndpoints {
  readonly #memory: AccountMemory<EndpointsByPrefix>;

  constructor(reader: Connection) {
    this.#memory = new AccountMemory(reader, { read: readEndpoints, maxLength: rememberedLength });
  }

  /** @param revision the account's revision, if it has just been read */
  of(accountId: string, revision?: number): Promise<EndpointsByPrefix> {
    return this.#memory.of(accountId, revision);
  }
}

export async function findEndpoints(reader: Connection, accountId: string): Promise<EndpointsByPrefix> {
  return (await readEndpoints(reader, accountId)).value;
}

async function readEndpoints(reader: Connection, accountId: string): Promise<Measured<EndpointsByPrefix>> {
  const endpoints = withDefault(await listUrlEndpoints(reader, accountId));
  return {
    value: new Map(endpoints.map((endpoint) => [endpoint.urlPrefix, endpoint])),
    length: endpoints.reduce((sum, endpoint) => sum + entryLength + JSON.stringify(endpoint).length, entryLength),
  };
}
