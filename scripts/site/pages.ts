import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** A page of the site, which a file of the repository is the source of. */
export interface SitePage {
  /** The file's path, from the root of the repository. */
  readonly file: string;
  /** The page's path below the site's folder, without an extension. */
  readonly slug: string;
  readonly text: string;
}

/** The folder of pages that have one of their own, with the names that READMEs of folders get. */
const overview = "overview";

/** The pages of the repository that the site shows. */
const sources = [
  "docs/**/*.md",
  "docs/gallery.html",
  "packages/*/README.md",
  "examples/README.md",
  "examples/*/README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
];

/** Slugs of pages that would be elsewhere by their file's path. */
const places: Readonly<Record<string, string>> = {
  "docs/README.md": "all-pages",
  "CONTRIBUTING.md": "contributing",
  "SECURITY.md": "security",
  "CHANGELOG.md": "changelog",
};

/** Reads every page below the root of the repository, in the order of their paths. */
export function readPages(root: string): SitePage[] {
  const files = globSync(sources, { cwd: root, exclude: (name) => name.includes("node_modules") });
  return files
    .map((file) => file.replaceAll("\\", "/"))
    .sort()
    .map((file) => ({ file, slug: slugOf(file), text: readFileSync(join(root, file), "utf8") }));
}

/** `docs/operate/docker.md` is `operate/docker`, `packages/token/README.md` is `packages/token`. */
function slugOf(file: string): string {
  const own = places[file];
  if (own !== undefined) return own;
  const path = file.replace(/^docs\//, "").replace(/\.(?:md|html)$/, "");
  const isPartOfList = /^(?:packages|examples)\/[^/]+\/README$/.test(path);
  return isPartOfList ? posix.dirname(path) : path.replace(/README$/, overview);
}
