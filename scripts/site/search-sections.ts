import { lexer, type Token } from "marked";
import { anchorMaker } from "../doc-checks/links.ts";
import type { SitePage } from "./pages.ts";

/** A part of a page that a search finds: what stands below one heading. */
export interface SearchSection {
  readonly page: string;
  /** The heading's words. They are empty for what stands below the page's title. */
  readonly heading: string;
  readonly text: string;
  /** The factor by which a match counts. Pages for people who work on Sluice come after those for people who use it. */
  readonly weight: number;
  /** The address below the site's folder. */
  readonly address: string;
}

/** Splits a page into the sections that a search finds. */
export function sectionsOf(page: SitePage, title: string): SearchSection[] {
  const anchorOf = anchorMaker();
  const sections: { heading: string; address: string; texts: string[] }[] = [];
  for (const token of lexer(page.text)) {
    if (token.type === "heading") {
      const anchor = anchorOf(token.text);
      const isTitle = token.depth === 1;
      const address = isTitle ? page.slug : `${page.slug}#${anchor}`;
      sections.push({ heading: isTitle ? "" : plainTextOf(token), address, texts: [] });
    } else if (token.type !== "html") sections.at(-1)?.texts.push(plainTextOf(token));
  }
  return sections.map(({ heading, address, texts }) => ({
    page: title,
    heading,
    address,
    weight: weightOf(page),
    text: texts.join(" ").replaceAll(/\s+/g, " ").trim(),
  }));
}

function weightOf({ file }: SitePage): number {
  return /^(?:docs\/(?:protocol\/|architecture|testing|performance|library-scale)|CHANGELOG|CONTRIBUTING|examples\/.+\/)/.test(
    file,
  )
    ? 0.4
    : 1;
}

/** The words of a block, those of code and tables among them. */
function plainTextOf(token: Token): string {
  if (token.type === "table") {
    const cells = [token.header, ...token.rows].flat();
    return cells.map((cell: { tokens: Token[] }) => cell.tokens.map(plainTextOf).join("")).join(" ");
  }
  if (token.type === "list") return token.items.map(plainTextOf).join(" ");
  if (token.type === "image" || token.type === "br") return " ";
  if ("tokens" in token && token.tokens !== undefined) return token.tokens.map(plainTextOf).join("");
  return withoutEntities("text" in token ? String(token.text) : "");
}

function withoutEntities(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
