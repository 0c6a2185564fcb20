import type { UrlEndpointRow } from "../../database/repositories/url-endpoints.ts";
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
