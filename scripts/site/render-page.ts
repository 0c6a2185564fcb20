import { Marked, type Tokens } from "marked";
import { anchorMaker } from "../doc-checks/links.ts";
import { addressFrom, resolveLink } from "./addresses.ts";
import { escapeHtml } from "./escape-html.ts";
import { highlight } from "./highlight.ts";
import type { SitePage } from "./pages.ts";
import { type Picture, pictureMarkup } from "./picture-markup.ts";

export interface Heading {
  readonly level: number;
  readonly html: string;
  readonly anchor: string;
}

export interface RenderContext {
  readonly byFile: ReadonlyMap<string, SitePage>;
  /** The pictures by their path in the repository. */
  readonly pictures: ReadonlyMap<string, Picture>;
}

export interface RenderedPage {
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  /** The page takes the room of the list of headings as well. */
  readonly broad?: true;
}

/** Renders a Markdown page of the repository as the site's article. */
export function renderPage(page: SitePage, { byFile, pictures }: RenderContext): RenderedPage {
  const headings: Heading[] = [];
  const anchorOf = anchorMaker();
  const marked = new Marked({
    // Addresses in the text are examples, such as http://host:port.
    tokenizer: { url: () => undefined },
    renderer: {
      heading({ tokens, depth, text }) {
        const html = this.parser.parseInline(tokens);
        const anchor = anchorOf(text);
        headings.push({ level: depth, html: html.replaceAll(/<\/?a\b[^>]*>/g, ""), anchor });
        const plain = html.replaceAll(/<[^>]*>/g, "");
        const link = depth === 1 ? "" : ` <a class="anchor" href="#${anchor}" aria-label="Link to “${plain}”">#</a>`;
        return `<h${depth} id="${anchor}">${html}${link}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const html = this.parser.parseInline(tokens);
        const target = resolveLink(page, href, byFile);
        if (target.kind === "elsewhere") return `<a href="${escapeHtml(target.address)}" rel="noreferrer">${html}</a>`;
        if (target.kind === "file")
          return `<span class="file" title="In the repository: ${target.path}">${html}</span>`;
        const anchor = target.anchor === undefined ? "" : `#${target.anchor}`;
        const address = target.slug === page.slug && anchor !== "" ? "" : addressFrom(page.slug, target.slug);
        return `<a href="${address}${anchor}">${html}</a>`;
      },
      image({ href, text }) {
        const target = resolveLink(page, href, byFile);
        if (target.kind !== "file") throw new Error(`${page.file} shows ${href}, which is no picture of the site`);
        const addressOf = (path: string): string => addressFrom(page.slug, path);
        return pictureMarkup({ pictures, file: target.path, text, addressOf });
      },
      code({ text, lang = "" }) {
        const language = lang.split(/\s/)[0] ?? "";
        const label = language === "" ? "Text" : language;
        return `<div class="code"><pre tabindex="0" role="group" aria-label="Code, ${label}"><code>${highlight(text, language)}</code></pre></div>\n`;
      },
      table(token) {
        return table(token, (tokens) => this.parser.parseInline(tokens));
      },
      // Comments mark what `npm run docs` writes.
      html: ({ text }) => (text.startsWith("<!--") ? "" : text),
    },
  });
  const html = marked.parse(page.text, { async: false });
  const isBroad = headings.length < minHeadings || html.includes(wideTable);
  const [first] = headings;
  return {
    title: (first?.html ?? page.slug).replaceAll(/<[^>]*>/g, ""),
    html,
    headings,
    ...(isBroad && { broad: true }),
  };
}

/** Fewer headings than these make no list, whose room the page takes. */
const minHeadings = 3;

/** A table of many columns needs the room of the list of headings, and so does a long one that is looked things up in. */
function isWide(columns: number, rows: number): boolean {
  return columns >= 6 || (columns >= 4 && rows >= 15);
}
const wideTable = '<div class="table wide-table';

/** A table of this many columns has no room on a phone. */
const minCardColumns = 4;

/**
 * A table scrolls on its own where it is wider than the page, and by keys as well. One of pictures and many columns is a
 * list of cards on a phone: there the cells carry the names of their columns.
 */
function table({ header, rows }: Tokens.Table, inline: (tokens: Tokens.TableCell["tokens"]) => string): string {
  const heads = header.map(({ tokens }) => inline(tokens));
  const names = heads.map((head) => head.replaceAll(/<[^>]*>/g, ""));
  const isEmpty = heads.every((head) => head === "" || head.includes("<img"));
  const head = heads.map((cell) => (cell === "" ? "<td></td>" : `<th scope="col">${cell}</th>`)).join("");
  const cells = rows.map((row) => row.map(({ tokens }) => inline(tokens)));
  const isCards = heads.length >= minCardColumns && cells.some(([first]) => first?.startsWith("<img"));
  const cellOf = (cell: string, column: number) =>
    isCards ? `<td data-head="${names[column]}">${column === 0 ? wrappable(cell) : cell}</td>` : `<td>${cell}</td>`;
  const body = cells.map((row) => `<tr>${row.map(cellOf).join("")}</tr>`);
  const name = isEmpty ? "Table" : `Table: ${names.join(", ")}`;
  const open = `${isWide(heads.length, rows.length) ? wideTable : '<div class="table'}${isCards ? " picture-table" : ""}"`;
  return `${open} tabindex="0" role="group" aria-label="${name}"><table><thead><tr>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>\n`;
}

/** Lets a transformation wrap between its parameters rather than inside of one, unless that is long. */
function wrappable(cell: string): string {
  return cell.replaceAll(/(?<=<code>)[^<]*(?=<\/code>)/g, (text) =>
    text.replaceAll(/[^,:]+[,:]?/g, (part) => (part.length > maxPartLength ? part : `<span>${part}</span>`)),
  );
}
const maxPartLength = 22;
