import { blocksOf } from "./markdown.ts";

/** Finds the headings of a page below which there is nothing, neither text nor a deeper heading. */
export function emptyHeadingsIn(markdown: string): string[] {
  const blocks = blocksOf(markdown);
  return blocks
    .filter(({ kind, level }, index) => {
      const next = blocks[index + 1];
      return kind === "heading" && (next === undefined || (next.kind === "heading" && next.level <= level));
    })
    .map(({ text, line }) => `line ${line}: ${text}`);
}

/** Says whether the page begins with a title, and below it with a paragraph that says what the page is for. */
export function beginsWithPurpose(markdown: string): boolean {
  const [title, purpose] = blocksOf(markdown);
  return title?.kind === "heading" && title.level === 1 && purpose?.kind === "prose";
}
