import { existsSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { blocksOf } from "./markdown.ts";

/** The addresses of a page's links and pictures. Links in code are examples. */
function linksIn(page: string, text: string): string[] {
  if (page.endsWith(".html")) {
    const markup = text.replaceAll(/ (?:src|href)="data:[^"]*"/g, "");
    return Array.from(markup.matchAll(/<(?:a|img)\b[^>]*? (?:href|src)="([^"]+)"/g), ([, address = ""]) => address);
  }
  const prose = text
    .replaceAll(/^\s*(```+)[^\n]*\n.*?^\s*\1$/gms, "")
    .replaceAll(/(`+)(?!`).+?(?<!`)\1(?!`)/gs, "code");
  const inMarkup = /<(?:img|source)\b[^>]*? (?:src|srcset)="([^"\s]+)"/g;
  return [prose.matchAll(/\]\(\s*<?([^)\s>]+)/g), prose.matchAll(inMarkup)].flatMap((found) =>
    Array.from(found, ([, address = ""]) => address),
  );
}

/** Finds the links of a page that lead to no file of the repository, or to no heading of a file. */
export function deadLinksIn(page: string, text: string): string[] {
  return linksIn(page, text).filter((address) => {
    if (/^[a-z][a-z+.-]*:/i.test(address)) return false;
    const [path = "", anchor] = decodeURIComponent(address).split("#");
    const target = path === "" ? page : posix.join(posix.dirname(page), path);
    if (target.startsWith("..") || !existsSync(target)) return true;
    return anchor !== undefined && (statSync(target).isDirectory() || !anchorsOf(target).has(anchor));
  });
}

function anchorsOf(page: string): ReadonlySet<string> {
  const text = readFileSync(page, "utf8");
  const marked = Array.from(text.matchAll(/<[a-z][^>]*? (?:id|name)="([^"]+)"/g), ([, id = ""]) => id);
  return new Set(page.endsWith(".md") ? [...marked, ...headingAnchors(text)] : marked);
}

/** The anchors that GitHub gives to a page's headings. */
export function headingAnchors(markdown: string): string[] {
  const anchorOf = anchorMaker();
  return blocksOf(markdown)
    .filter(({ kind }) => kind === "heading")
    .map(({ text }) => anchorOf(text));
}

/** Makes the anchors of one page, from its headings in their order. A heading that repeats an earlier one gets a number. */
export function anchorMaker(): (heading: string) => string {
  const counts = new Map<string, number>();
  return (heading) => {
    const words = heading.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
    const count = counts.get(anchor) ?? 0;
    counts.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  };
}
