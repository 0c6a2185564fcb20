import { SluiceError } from "@sluice/protocol";
import { assertKnownMembers, unknownParameter } from "../../text/parameter.ts";
import { defaultEndpointId, type UrlEndpoint, type UrlRewriter } from "./url-endpoints.ts";

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
