import { newBlobKey } from "../../storage/blob-key.ts";
import type { BlobStore, LinkedAnswer } from "../../storage/blob-store.ts";
import { assetHeaders } from "../asset-headers.ts";
import { ownFiles, policyText } from "../content-security-policy.ts";
import type { ConsoleApp } from "./load-app.ts";

const anyAnswer: LinkedAnswer = {
  contentType: "image/png",
  contentDisposition: "inline",
  cacheControl: "",
  seconds: 1,
};

/**
 * Finds the origin to which delivery redirects clients for media, from an address that the store itself signs: it knows
 * best how its addresses are spelled. Nobody gets that address, and nothing is stored under it. The origin stays, so it
 * is found once.
 * @returns a function whose result is undefined where nobody is redirected, or no address can be signed at present
 */
export function bucketOrigin({ redirect }: Pick<BlobStore, "redirect">): () => Promise<string | undefined> {
  let known: string | undefined;
  return async () => {
    if (redirect === undefined || known !== undefined) return known;
    const address = await redirect(newBlobKey(), anyAnswer).catch(() => undefined);
    if (address !== undefined) known = new URL(address).origin;
    return known;
  };
}

interface PagePlace {
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
