import type { EndpointsByPrefix, UrlEndpoint, UrlRewriter } from "../../endpoints/url-endpoints/url-endpoints.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { type DeliveryUrl, parseDeliveryUrl } from "./delivery-url.ts";
import { rewriteAkamai } from "./rewriters/akamai.ts";
import { rewriteCloudinary } from "./rewriters/cloudinary.ts";
import { rewriteImgix } from "./rewriters/imgix.ts";
import { RewriteProblem, type Rewritten } from "./rewriters/rewritten.ts";

export interface EndpointRest {
  readonly endpoint: UrlEndpoint;
  /** Everything behind the endpoint's prefix, byte for byte. */
  readonly behind: string;
}

/**
 * Chooses the endpoint of a target by its first segment. A prefix wins over a folder of the same name, so a URL means
 * one thing only.
 * @param rest the target behind the account's id
 */
export function chooseEndpoint(endpoints: EndpointsByPrefix, rest: string): EndpointRest {
  const [, prefix = "", behind = rest] = /^\/*([^/?]+)\/(.*)$/s.exec(rest) ?? [];
  const chosen = endpoints.get(prefix);
  if (prefix !== "" && chosen !== undefined) return { endpoint: chosen, behind };
  const standard = endpoints.get("");
  if (standard === undefined) throw new Error("an account without a default endpoint");
  return { endpoint: standard, behind: rest };
}

/**
 * Parses a URL of an endpoint, which may be written in the language of another service.
 * @throws what `parseDeliveryUrl` throws; DeliveryRefusal TRANSFORMATION_INVALID for what can't be translated
 */
export function parseEndpointUrl({ endpoint: { urlRewriter, origins }, behind }: EndpointRest): DeliveryUrl {
  const options = { takesUrls: origins.length > 0 };
  if (urlRewriter === undefined) return parseDeliveryUrl(behind, options);
  const { rest, transformations } = translate(urlRewriter, behind);
  const url = parseDeliveryUrl(rest, options);
  const translated = transformations.map((text) => ({ text, form: "path" as const }));
  return { ...url, transformations: [...url.transformations, ...translated] };
}

function translate(rewriter: UrlRewriter, rest: string): Rewritten {
  try {
    if (rewriter.type === "CLOUDINARY") return rewriteCloudinary(rest, rewriter.preserveAssetDeliveryTypes);
    return rewriter.type === "IMGIX" ? rewriteImgix(rest) : rewriteAkamai(rest);
  } catch (error) {
    if (!(error instanceof RewriteProblem)) throw error;
    throw new DeliveryRefusal("TRANSFORMATION_INVALID", {}, { message: error.message, cause: error });
  }
}
