import { assetHeaders } from "../asset-headers.ts";
import { policyText } from "../content-security-policy.ts";

/**
 * The headers say what a browser may do with the demo page. Users' files share the page's origin, so nothing loads
 * merely because it is from this origin: scripts and styles need the answer's nonce, which modules pass on to their
 * imports.
 */
export function pageHeaders(nonce: string, deliveryOrigin: string): Record<string, string> {
  const policy = {
    "default-src": "'none'",
    "script-src": `'nonce-${nonce}'`,
    "style-src": `'nonce-${nonce}'`,
    // Uploads go to this origin. Why a picture is refused stands in the answer of the origin that its URL names.
    "connect-src": `'self' ${deliveryOrigin}`,
    // The upload element shows a picture before it is uploaded.
    "img-src": `'self' blob: ${deliveryOrigin}`,
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
  };
  return {
    ...assetHeaders("text/html; charset=utf-8"),
    "content-security-policy": policyText(policy),
  };
}
