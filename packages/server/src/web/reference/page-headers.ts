import { assetHeaders } from "../asset-headers.ts";
import { policyText } from "../content-security-policy.ts";

/**
 * The headers say what a browser may do with the API's reference. Users' files share the page's origin, so scripts and
 * styles need the answer's nonce. Requests go to this origin alone: a private key that is typed in for a try-out can't
 * be sent anywhere else.
 */
export function referenceHeaders(nonce: string): Record<string, string> {
  const policy = {
    "default-src": "'none'",
    "script-src": `'nonce-${nonce}'`,
    "style-src": `'nonce-${nonce}'`,
    "connect-src": "'self'",
    // The renderer's icons are data URLs, and an answer that is an image is shown from a blob.
    "img-src": "'self' data: blob:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
  };
  return {
    ...assetHeaders("text/html; charset=utf-8"),
    "content-security-policy": policyText(policy),
  };
}
