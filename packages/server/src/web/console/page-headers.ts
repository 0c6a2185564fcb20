import { assetHeaders } from "../asset-headers.ts";
import { ownFiles, policyText } from "../content-security-policy.ts";
import type { ConsoleApp } from "./load-app.ts";

export interface PagePlace {
  /** The host, with its port, at which the browser has asked for the page. */
  readonly host: string;
  /** The origin from which files are delivered. */
  readonly deliveryOrigin: string;
  /** The origin to which delivery redirects clients for media, if it does. A policy holds for redirects as well. */
  readonly bucketOrigin: string | undefined;
}

/**
 * The headers say what a browser may do with the console. Users' files may share its origin, so scripts and styles come
 * from the folder of the app's own files alone, where nothing else is ever served, and what stands in the page itself is
 * known by its hash. No other host is contacted but the one that delivers files, and the bucket to which that redirects.
 */
export function consoleHeaders(
  { scripts, styles }: ConsoleApp["inline"],
  { host, deliveryOrigin, bucketOrigin }: PagePlace,
): Record<string, string> {
  const assets = ownFiles(host, "/console/assets/");
  const media = bucketOrigin === undefined ? [deliveryOrigin] : [deliveryOrigin, bucketOrigin];
  const policy = {
    "default-src": ["'none'"],
    "script-src": [assets, ...scripts],
    "style-src": [assets, ...styles],
    "font-src": [assets],
    "connect-src": ["'self'", deliveryOrigin],
    "img-src": ["'self'", "data:", "blob:", ...media],
    "media-src": ["'self'", "blob:", ...media],
    "worker-src": [assets, "blob:"],
    // Previews of documents. What is delivered runs nothing.
    "frame-src": ["'self'", deliveryOrigin],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["'none'"],
  };
  return {
    ...assetHeaders("text/html; charset=utf-8"),
    "cross-origin-opener-policy": "same-origin",
    "content-security-policy": policyText(policy),
  };
}
