import { posix } from "node:path";
import type { SitePage } from "./pages.ts";

/** The address of a place in the site, from a page of it. The site works below any path, so addresses are relative. */
export function addressFrom(slug: string, target: string): string {
  return `${"../".repeat(slug.split("/").length - 1)}${target}` || "./";
}

export type Target =
  | { readonly kind: "page"; readonly slug: string; readonly anchor: string | undefined }
  | { readonly kind: "elsewhere"; readonly address: string }
  /** A file that only the repository has. */
  | { readonly kind: "file"; readonly path: string };

/** The README is the start page: both say what Sluice is. */
const startPages: ReadonlySet<string> = new Set(["README.md"]);

/** Finds out where a link of a page leads. */
export function resolveLink(from: SitePage, href: string, byFile: ReadonlyMap<string, SitePage>): Target {
  if (/^[a-z][a-z+.-]*:/i.test(href)) return { kind: "elsewhere", address: href };
  const [path = "", anchor] = href.split("#");
  const file = path === "" ? from.file : posix.join(posix.dirname(from.file), decodeURIComponent(path));
  if (startPages.has(file)) return { kind: "page", slug: "", anchor: undefined };
  const page = byFile.get(file) ?? byFile.get(posix.join(file, "README.md"));
  return page === undefined ? { kind: "file", path: file } : { kind: "page", slug: page.slug, anchor };
}
