import { posix } from "node:path";

/** A cited place in one of the pages that are cited by section. */
export interface CitedSection {
  /** The path from the repository's root. */
  readonly page: string;
  /** The section, such as `3.2`; undefined for the whole page. */
  readonly section: string | undefined;
}

const isCitedPage = (path: string): boolean => /^docs\/(architecture|testing|protocol\/[\w-]+)\.md$/.test(path);

/** The coverage tables use these names for pages in their first column. */
const coverageTables = "acceptance/coverage/";
const pagesByShortName: Readonly<Record<string, string>> = {
  upload: "docs/protocol/upload.md",
  "media-api": "docs/protocol/media-api.md",
  delivery: "docs/protocol/delivery.md",
  transformations: "docs/protocol/transformations.md",
  "webhooks-and-extensions": "docs/protocol/webhooks-and-extensions.md",
  "sdk-compatibility": "docs/protocol/sdk-compatibility.md",
  architecture: "docs/architecture.md",
};

const place = String.raw`(?:§\d+(?:\.\d+)*|decisions? \d+)`;
const places = `${place}(?:(?:,| and|, and| or) ${place})*`;
const named = new RegExp(String.raw`(?<![\w./-])([\w./-]+\.md)[)\x60]*(?: (${places}))?`, "g");
const shortNamed = new RegExp(String.raw`(?<![\w./-])(${Object.keys(pagesByShortName).join("|")}) (${places})`, "g");
const elsewhere = new RegExp(String.raw`(?:RFC|issue|Level) \d+ ${places}`, "g");

/**
 * Finds every place that a file cites, such as `docs/protocol/upload.md §3, §5.1` or `docs/architecture.md decision 5`.
 * Markdown may also cite by a relative path, and a cited page may cite its own places by their numbers alone. A
 * citation may run over the end of a line.
 * @param file the file's path from the repository's root
 */
export function citationsIn(file: string, text: string): CitedSection[] {
  const found: CitedSection[] = [];
  const note = (page: string, cited: string | undefined): "" => {
    if (cited === undefined) found.push({ page, section: undefined });
    else for (const section of sectionsNamed(cited)) found.push({ page, section });
    return "";
  };
  const joined = text.replace(/\n[ \t]*(?:\*(?!\/)|\/\/)?[ \t]*/g, " ").replace(elsewhere, "");
  const rest = joined.replace(named, (match, path: string, cited: string | undefined) => {
    const page = pageAt(file, path, cited);
    return page === undefined ? match : note(page, cited);
  });
  if (file.startsWith(coverageTables)) {
    rest.replace(shortNamed, (_, name: string, cited: string) => note(pagesByShortName[name] as string, cited));
  }
  if (isCitedPage(file)) note(file, rest);
  return found;
}

/** The cited page. The vendor's documents, which the pages name as sources, have similar names but no sections. */
function pageAt(file: string, path: string, cited: string | undefined): string | undefined {
  if (isCitedPage(path)) return path;
  if (!file.endsWith(".md") || cited === undefined) return undefined;
  const relative = posix.join(posix.dirname(file), path);
  return isCitedPage(relative) ? relative : undefined;
}

/** The sections in a citation. A decision is a heading of section 3. */
function sectionsNamed(cited: string): string[] {
  return Array.from(cited.matchAll(/§(\d+(?:\.\d+)*)|\bdecisions? (\d+)/g), ([, section, decision]) =>
    section === undefined ? `3.${decision}` : section,
  );
}

/**
 * The numbers of a page's headings, and of the numbered entries of lists and tables below them. The second entry of §8
 * is 8.2.
 */
export function sectionsOf(markdown: string): ReadonlySet<string> {
  const sections = new Set<string>();
  let heading: string | undefined;
  for (const line of markdown.replace(/^ *```.*?^ *```/gms, "").split("\n")) {
    const [, number] = /^#{2,} (\d+(?:\.\d+)*)\.? /.exec(line) ?? [];
    const [, entry] = /^(?:(?=\d+\. )|\| )(\d+)(?:\. | \|)/.exec(line) ?? [];
    if (number !== undefined) {
      heading = number;
      sections.add(number);
    } else if (heading !== undefined && entry !== undefined) sections.add(`${heading}.${entry}`);
  }
  return sections;
}
