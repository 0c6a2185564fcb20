import { createHash } from "node:crypto";
import { assetHeaders } from "../asset-headers.ts";
import { type AppFile, readAppFiles } from "../build/app-files.ts";
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

interface SitePageFile extends AppFile {
  readonly etag: string;
}

export interface DocumentationSite {
  /** The pages by their path below `/docs/`, without an extension. The first page's path is empty. */
  readonly pages: ReadonlyMap<string, SitePageFile>;
  /** The other files by their path. Their names contain a hash of their content. */
  readonly assets: ReadonlyMap<string, AppFile>;
}

/** Reads the site into memory: it is some megabytes long, and only what the build has made is ever served. */
export async function loadSite(folder: string): Promise<DocumentationSite> {
  const pages = new Map<string, SitePageFile>();
  const assets = new Map<string, AppFile>();
  for (const [path, file] of await readAppFiles(folder)) {
    if (path.startsWith("assets/")) assets.set(path, file);
    else if (path.endsWith(".html")) pages.set(slugOf(path), { ...file, etag: etagOf(file.bytes) });
  }
  return { pages, assets };
}

function slugOf(path: string): string {
  return path === "index.html" ? "" : path.slice(0, -".html".length);
}

/** Weak, because the page has the same one in every coding. */
function etagOf(bytes: Buffer): string {
  return `W/"${createHash("sha256").update(bytes).digest("base64url")}"`;
}
