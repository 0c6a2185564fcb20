/** A block of a Markdown page that readers see as a unit. */
export interface Block {
  /** A table's row, a line of code and a comment are blocks of the kind `other`. */
  readonly kind: "heading" | "prose" | "other";
  /** The block's text on one line, without the marks of headings and lists. */
  readonly text: string;
  /** The line on which the block begins, counted from 1. */
  readonly line: number;
  /** A heading's level; 0 for every other block. */
  readonly level: number;
}

/** Splits a Markdown page into headings, paragraphs, items of lists, and everything else. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let fence: string | undefined;
  let open: { text: string; line: number } | undefined;
  const close = (): void => {
    if (open !== undefined) blocks.push({ kind: "prose", level: 0, ...open });
    open = undefined;
  };
  for (const [index, raw] of markdown.split("\n").entries()) {
    const line = index + 1;
    const text = raw.trim();
    const [, mark] = /^\s*(```+|~~~+)/.exec(raw) ?? [];
    if (fence !== undefined) {
      if (text === fence) fence = undefined;
      continue;
    }
    const [, marks, title] = /^(#{1,6}) +(.*?)(?: +#+)?$/.exec(raw) ?? [];
    if (mark !== undefined) {
      close();
      fence = mark;
      blocks.push({ kind: "other", text, line, level: 0 });
    } else if (marks !== undefined && title !== undefined) {
      close();
      blocks.push({ kind: "heading", text: title, line, level: marks.length });
    } else if (text === "") close();
    else if (/^(?:\||<)/.test(text) || (open === undefined && /^(?: {4}|\t)/.test(raw))) {
      close();
      blocks.push({ kind: "other", text, line, level: 0 });
    } else {
      const [begin = ""] = /^(?:[-*+]|\d+\.|>) +/.exec(text) ?? [];
      if (begin !== "") close();
      const words = text.slice(begin.length);
      if (open === undefined) open = { text: words, line };
      else open.text += ` ${words}`;
    }
  }
  close();
  return blocks;
}

/** The text without code and without the addresses of links. A span of code stays as one word. */
export function plainText(text: string): string {
  return text
    .replaceAll(/(`+)(?!`).+?(?<!`)\1(?!`)/g, "`code`")
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("**", "");
}
