import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { beginsWithPurpose, emptyHeadingsIn } from "./headings.ts";
import { deadLinksIn, headingAnchors } from "./links.ts";
import { longSentencesIn } from "./sentences.ts";

const pages = globSync(
  ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/**/*.md", "packages/*/README.md", "examples/**/*.md"],
  { exclude: (name) => name.includes("node_modules") },
).sort();
const texts = new Map([...pages, "docs/gallery.html"].map((page) => [page, readFileSync(page, "utf8")]));

/** Lists what a check finds in each Markdown page, with the page's path. */
function inAllPages(find: (text: string) => readonly string[]): string[] {
  return pages.flatMap((page) => find(texts.get(page) ?? "").map((found) => `${page}, ${found}`));
}

test("the pages have no dead links", () => {
  expect(pages).toContain("docs/protocol/upload.md");
  expect([...texts].flatMap(([page, text]) => deadLinksIn(page, text).map((link) => `${page}: ${link}`))).toEqual([]);
});

test("the pages have no headings without content", () => expect(inAllPages(emptyHeadingsIn)).toEqual([]));

test("the pages have no sentences over 40 words", () => expect(inAllPages(longSentencesIn)).toEqual([]));

test("each page says below its title what it is for", () => {
  expect(inAllPages((text) => (beginsWithPurpose(text) ? [] : ["no text below the title"]))).toEqual([]);
});

test("docs/README.md links to every page of the documentation", () => {
  const index = texts.get("docs/README.md");
  // The protocol's pages are listed by the first of them.
  const listed = pages.filter((page) => /^docs\/(?!protocol\/.)/.test(page) && page !== "docs/README.md");
  expect(listed.filter((page) => !index?.includes(`](${page.slice("docs/".length)}`))).toEqual([]);
});

test("the README fits into one screen, and so do its claims", () => {
  expect(texts.get("README.md")?.split("\n").length).toBeLessThan(50);
});

describe("the checks themselves", () => {
  test("a link is dead without its file and without its heading", () => {
    const links =
      "[a](README.md) [b](no.md) [c](README.md#start) [d](README.md#no) [e](https://no.example) `[f](no.md)`";
    expect(deadLinksIn("docs/x.md", links)).toEqual(["no.md", "README.md#no"]);
    expect(deadLinksIn("docs/x.md", "```md\n[a](no.md)\n```\n![b](images/no.png)")).toEqual(["images/no.png"]);
    const markup = '<source media="x" srcset="images/no.webp"><img alt="y" src="README.md">';
    expect(deadLinksIn("docs/x.md", markup)).toEqual(["images/no.webp"]);
  });

  test("anchors are those that GitHub makes", () => {
    const headings =
      "# `pre`: a file's *first* step\n## Twice\n## Twice\n```sh\n# no heading\n```\n## 3.1 HTTP/2 & TLS";
    expect(headingAnchors(headings)).toEqual(["pre-a-files-first-step", "twice", "twice-1", "31-http2--tls"]);
  });

  test("a heading is empty before another of its level and at the end", () => {
    expect(emptyHeadingsIn("# A\n## B\n### C\ntext\n## D\n# E\n```\ncode\n```\n## F")).toEqual([
      "line 5: D",
      "line 10: F",
    ]);
  });

  test("a sentence's words are counted without tables and code, a link as its text", () => {
    const words = (count: number): string => `Word${" word".repeat(count - 1)}`;
    expect(
      longSentencesIn(`${words(40)}.\n${words(40)}. [${words(30)}](x.md)\n\n- ${words(20)}\n- ${words(21)}`),
    ).toEqual([]);
    expect(longSentencesIn(`| ${words(50)} |\n|---|\n\n\`\`\`sh\n${words(50)}\n\`\`\`\n\n    ${words(50)}`)).toEqual(
      [],
    );
    expect(longSentencesIn(`Short.\nThis, e.g. this,\n${words(40)}.`)).toEqual([
      expect.stringContaining("line 1, 43 words"),
    ]);
    expect(longSentencesIn(`- item\n\n  ${words(41)}`)).toHaveLength(1);
  });
});
