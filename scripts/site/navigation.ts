import { posix } from "node:path";
import type { SitePage } from "./pages.ts";

export interface NavigationEntry {
  readonly title: string;
  readonly purpose: string;
  readonly page: SitePage;
}

export interface NavigationGroup {
  readonly title: string;
  readonly entries: readonly NavigationEntry[];
}

/** The page whose tables list all others. Its headings are the groups of the navigation. */
const index = "docs/README.md";

/**
 * Reads the navigation from the tables of `docs/README.md`, so that a page that is listed there is in the site as well. A
 * row that leads to a part of a page, or to a page that is listed already, makes no entry.
 */
export function readNavigation(pages: readonly SitePage[]): NavigationGroup[] {
  const byFile = new Map(pages.map((page) => [page.file, page]));
  const text = byFile.get(index)?.text ?? "";
  const listed = new Set<string>();
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = ""] = section.split("\n");
      const rows = [...section.matchAll(/^\| \[((?:\\.|[^\]])+)\]\(([^)#]+)\) \| (.+) \|$/gm)];
      const entries = rows.flatMap(([, name = "", address = "", purpose = ""]): NavigationEntry[] => {
        const page = byFile.get(posix.join(posix.dirname(index), address));
        if (page === undefined || listed.has(page.file)) return [];
        listed.add(page.file);
        return [{ title: name.replaceAll("`", ""), purpose, page }];
      });
      return { title, entries };
    })
    .filter(({ entries }) => entries.length > 0);
}
