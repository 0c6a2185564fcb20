import { assetHeaders } from "../asset-headers.ts";
import { ownFiles, policyText } from "../content-security-policy.ts";

/**
 * The headers say what a browser may do with the documentation. Users' files may share its origin, so scripts, styles and
 * pictures come from the folder of the site's own files alone. No other host is contacted.
 * @param host the host, with its port, at which the browser has asked for the page
 */
export function documentationHeaders(host: string): Record<string, string> {
  const assets = ownFiles(host, "/docs/assets/");
  const policy = {
    "default-src": "'none'",
    "script-src": assets,
    "style-src": assets,
    "img-src": assets,
    "connect-src": assets,
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
  };
  return {
    ...assetHeaders("text/html; charset=utf-8"),
    // An update of the program may change the pages at any time.
    "cache-control": "no-cache",
    "cross-origin-opener-policy": "same-origin",
    "content-security-policy": policyText(policy),
  };
}
