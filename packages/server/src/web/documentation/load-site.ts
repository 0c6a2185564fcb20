import { createHash } from "node:crypto";
import { type AppFile, readAppFiles } from "../build/app-files.ts";

export interface SitePageFile extends AppFile {
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
