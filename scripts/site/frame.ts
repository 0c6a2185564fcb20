import { addressFrom } from "./addresses.ts";
import { escapeHtml } from "./escape-html.ts";
import type { NavigationEntry, NavigationGroup } from "./navigation.ts";
import type { Heading } from "./render-page.ts";

/** The files that every page loads, by their paths below the site's folder. */
export interface FrameFiles {
  readonly styles: string;
  readonly icon: string;
  readonly scheme: string;
  readonly site: string;
  readonly search: string;
  readonly sections: string;
}

export interface FramedPage {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  /** The start page takes the whole width, and has no list of headings. */
  readonly wide?: true;
  /** A page of pictures needs the room of the list of headings. */
  readonly broad?: true;
}

/** The whole page around an article: the bar above, the navigation, the page's headings, the way on. */
export function frame(page: FramedPage, navigation: readonly NavigationGroup[], files: FrameFiles): string {
  const { slug, title, description, html, wide, broad } = page;
  const at = (target: string): string => addressFrom(slug, target);
  const root = "../".repeat(slug.split("/").length - 1);
  const name = slug === "" ? "Sluice: your media library, on your own server" : `${title} · Sluice`;
  return `<!doctype html>
<html lang="en" data-root="${root}" data-search-module="${files.search}" data-search-sections="${files.sections}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(name)}</title>
<meta name="description" content="${escapeHtml(description)}">
<link rel="icon" type="image/svg+xml" href="${at(files.icon)}">
<link rel="stylesheet" href="${at(files.styles)}">
<script src="${at(files.scheme)}"></script>
<script type="module" src="${at(files.site)}"></script>
</head>
<body${wide ? ' class="wide"' : broad ? ' class="broad"' : ""}>
<a class="skip" href="#site-content">Skip to content</a>
<header class="bar">
<button class="menu" type="button" popovertarget="site-navigation"><svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 5h14M3 10h14M3 15h14"/></svg><span class="unseen">All pages</span></button>
<a class="brand" href="${at("")}"><img src="${at(files.icon)}" alt="" width="26" height="26">Sluice</a>
<button id="site-search-open" class="search-open" type="button" hidden><svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="9" cy="9" r="5.5"/><path d="m13 13 4 4"/></svg><span class="word">Search</span> <kbd aria-hidden="true">/</kbd></button>
<nav class="links" aria-label="Main"><a href="${at("getting-started")}">Start</a><a href="${at("all-pages")}">Pages</a><a href="${at("api")}">API</a></nav>
<button id="site-scheme" class="scheme" type="button" hidden><svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="7"/><path class="half" d="M10 3a7 7 0 0 1 0 14z"/></svg></button>
</header>
<div class="columns">
${navigationHtml(slug, navigation)}
<main id="site-content" tabindex="-1">
${wide ? html : `<article>\n${html}</article>`}
${wide ? "" : wayOn(slug, navigation)}
</main>
${wide ? "" : contents(page.headings)}
</div>
<dialog id="site-search" aria-label="Search the documentation">
<form method="dialog" role="search"><label class="unseen" for="site-search-words">Search terms</label><input id="site-search-words" type="search" autocomplete="off" spellcheck="false" placeholder="Search the documentation"><button type="submit" formnovalidate>Close</button></form>
<p id="site-search-status" role="status"></p>
<ol id="site-search-results"></ol>
</dialog>
</body>
</html>
`;
}

function navigationHtml(slug: string, groups: readonly NavigationGroup[]): string {
  const lists = groups.map(({ title, entries }) => {
    const items = entries.map(({ title: name, page }) => {
      const current = page.slug === slug ? ' aria-current="page"' : "";
      return `<li><a href="${addressFrom(slug, page.slug)}"${current}>${escapeHtml(name)}</a></li>`;
    });
    const isOpen = slug === "" || entries.some(({ page }) => page.slug === slug) || title === groups[0]?.title;
    return `<details${isOpen ? " open" : ""}><summary>${escapeHtml(title)}</summary><ul>${items.join("")}</ul></details>`;
  });
  return `<nav id="site-navigation" class="navigation" popover aria-label="Pages">${lists.join("\n")}</nav>`;
}

function contents(headings: readonly Heading[]): string {
  const shown = headings.filter(({ level }) => level === 2 || level === 3);
  if (shown.length < 2) return '<div class="contents"></div>';
  const items = shown.map(
    ({ level, html, anchor }) => `<li class="level-${level}"><a href="#${anchor}">${html}</a></li>`,
  );
  return `<nav class="contents" aria-label="On this page"><h2>On this page</h2><ul>${items.join("")}</ul></nav>`;
}

/** The pages before and after this one. */
function wayOn(slug: string, groups: readonly NavigationGroup[]): string {
  const all = groups.flatMap(({ entries }) => entries);
  const index = all.findIndex(({ page }) => page.slug === slug);
  if (index === -1) return "";
  const link = (entry: NavigationEntry | undefined, name: string, way: string): string =>
    entry === undefined
      ? ""
      : `<a class="${way}" href="${addressFrom(slug, entry.page.slug)}"><small>${name}</small>${escapeHtml(entry.title)}</a>`;
  return `<nav class="way-on" aria-label="Previous and next page">${link(all[index - 1], "Previous", "before")}${link(all[index + 1], "Next", "after")}</nav>`;
}
