import { parameterGroups } from "../../packages/grammar/src/index.ts";
import { escapeHtml } from "../site/escape-html.ts";
import type { Example } from "./example.ts";
import { chains, examples, type T1Key } from "./examples.ts";
import type { SourceName } from "./source-files.ts";
import type { Source } from "./sources.ts";
import type { Sources, Taken } from "./take-pictures.ts";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly examples: readonly Example[];
}

/** One section for each parameter, in the order of the reference, and one for transformations of several steps. */
export const sections: readonly Section[] = [
  ...parameterGroups.flatMap(({ records }) =>
    Object.entries(records).flatMap(([key, { description }]): Section[] =>
      Object.hasOwn(examples, key) ? [{ id: key, title: description, examples: examples[key as T1Key] }] : [],
    ),
  ),
  { id: "steps", title: "several steps, one after the other", examples: chains },
];

export type Sizes = Readonly<Record<SourceName, PictureSize>>;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Makes docs/gallery.html, with each example's source, picture, URL and caption. The file loads nothing else. */
export function galleryPage(sources: Sources, sizes: Sizes, taken: ReadonlyMap<Example, Taken>): string {
  const shared = sharedPictures(taken);
  const symbols = [
    ...Object.entries(sources).map(([name, source]) => sourceSymbol(name, source, sizes[name as SourceName])),
    ...Array.from(shared, ([picture, { id, size }]) => symbol(id, size, picture)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sluice: what transformations make</title>
<style>${style}</style>
</head>
<body>
<svg class="sources" aria-hidden="true">${symbols.join("\n")}</svg>
<header>
<h1>What transformations make</h1>
<p>Every parameter that is carried out: the picture that the server answers with, beside the file it is made of, both at
half their size in pixels. The checks show what is see-through. The <a href="transformations.md">reference</a> says what
each parameter takes, and which parameters are <a href="unsupported-transformations.md">not supported yet</a>. Made by
<code>npm run gallery</code>.</p>
<nav aria-label="Parameters">${sections.map(({ id }) => `<a href="#${id}">${id}</a>`).join(" ")}</nav>
</header>
<main>
${sections.map((section) => sectionHtml(section, sources, sizes, taken, shared)).join("\n")}
</main>
</body>
</html>
`;
}

function sourceSymbol(name: string, { bytes, shown, fileName }: Source, size: PictureSize): string {
  return symbol(
    `file-${name}`,
    size,
    shown === undefined ? dataUri(typeOf(fileName), bytes) : dataUri("image/webp", shown),
  );
}

function symbol(id: string, { width, height }: PictureSize, picture: string): string {
  return `<symbol id="${id}" viewBox="0 0 ${width} ${height}"><image href="${picture}" width="${width}" height="${height}"/></symbol>`;
}

interface SharedPicture {
  readonly id: string;
  readonly size: PictureSize;
}

/** Finds the pictures that several examples were answered with, as data URIs. The page holds each of them once. */
function sharedPictures(taken: ReadonlyMap<Example, Taken>): ReadonlyMap<string, SharedPicture> {
  const seen = new Set<string>();
  const shared = new Map<string, SharedPicture>();
  for (const { contentType, bytes, width, height } of taken.values()) {
    const picture = dataUri(contentType, bytes);
    if (seen.has(picture) && !shared.has(picture))
      shared.set(picture, { id: `picture-${shared.size + 1}`, size: { width, height } });
    seen.add(picture);
  }
  return shared;
}

const types: Readonly<Record<string, string>> = { jpg: "image/jpeg", svg: "image/svg+xml" };

function typeOf(fileName: string): string {
  const extension = fileName.slice(fileName.lastIndexOf(".") + 1);
  return types[extension] ?? `image/${extension}`;
}

function sectionHtml(
  { id, title, examples: shown }: Section,
  sources: Sources,
  sizes: Sizes,
  taken: ReadonlyMap<Example, Taken>,
  shared: ReadonlyMap<string, SharedPicture>,
): string {
  const figures = shown.map((example) => figure(example, sources, sizes, taken.get(example), shared));
  return `<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title"><code>${id}</code> ${escapeHtml(title.replaceAll("`", ""))}</h2>
<div class="figures">
${figures.join("\n")}
</div>
</section>`;
}

function figure(
  example: Example,
  sources: Sources,
  sizes: Sizes,
  made: Taken | undefined,
  shared: ReadonlyMap<string, SharedPicture>,
): string {
  if (made === undefined) throw new Error(`No picture was taken of ${example.transformation}`);
  const { headers = {} } = example;
  const caption = example.caption.replaceAll("`", "");
  const { path, contentType, bytes, width, height, facts } = made;
  const asked = Object.entries(headers).map(([name, value]) => ` <code>${escapeHtml(`${name}: ${value}`)}</code>`);
  const source = sources[example.source];
  const picture = dataUri(contentType, bytes);
  const id = shared.get(picture)?.id;
  const shown =
    id === undefined
      ? `<img alt="${escapeHtml(caption)}" loading="lazy" style="--w:${width};--h:${height}" src="${picture}">`
      : drawn(id, { width, height }, caption);
  return `<figure>
<div class="pair">${drawn(`file-${example.source}`, sizes[example.source], source.description)}
${shown}</div>
<figcaption><code>${breakable(escapeHtml(path))}</code>${asked.join("")}<p>${captionHtml(example.caption)} <small>${facts}</small></p></figcaption>
</figure>`;
}

function drawn(id: string, { width, height }: PictureSize, title: string): string {
  return `<svg role="img" style="--w:${width};--h:${height}"><title>${escapeHtml(title)}</title><use href="#${id}"/></svg>`;
}

/** The text of a caption, in which words between backticks are code. */
export function captionHtml(caption: string): string {
  return escapeHtml(caption).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}

/** Lets long URLs wrap after a comma, a colon or a slash. */
function breakable(text: string): string {
  return text.replaceAll(/(?<=[,:/])/g, "<wbr>");
}

function dataUri(type: string, bytes: Buffer): string {
  return `data:${type.split(";")[0]};base64,${bytes.toString("base64")}`;
}

const style = `
:root { color-scheme: light dark; --page: light-dark(#fff, #11161a); --text: light-dark(#1c2529, #dbe4e8);
  --quiet: light-dark(#55636a, #93a3ab); --line: light-dark(#d5dee2, #2c373d); --link: light-dark(#0b6b86, #6cc5e0);
  --check: light-dark(#e3e7e9, #39444a); --board: light-dark(#fff, #232c31) }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
header, main { max-inline-size: 1500px; margin-inline: auto; padding-inline: 20px }
h1 { font-size: 1.7rem; line-height: 1.2; margin-block: 1.5rem .5rem }
h2 { font-size: 1.05rem; font-weight: 500; margin-block: 0 .75rem }
h2 code { font-weight: 700; margin-inline-end: .4em }
header p { max-inline-size: 70ch; margin-block: .5rem 1rem }
a { color: var(--link) }
nav { display: flex; flex-wrap: wrap; gap: .25rem .75rem; font-family: ui-monospace, monospace; font-size: .9rem }
nav a { padding-block: .25rem }
section { border-block-start: 1px solid var(--line); margin-block-start: 1.5rem; padding-block-start: 1.25rem }
code { font-family: ui-monospace, monospace; font-size: .86rem }
.sources { position: absolute; inline-size: 0; block-size: 0 }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); gap: 1.75rem 1.5rem }
figure { margin: 0; min-inline-size: 0 }
.pair { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 10px }
.pair > * { inline-size: calc(var(--w) * .5px); aspect-ratio: var(--w) / var(--h); max-inline-size: 100%; display: block;
  outline: 1px solid var(--line);
  background: repeating-conic-gradient(var(--check) 0 25%, var(--board) 0 50%) 0 0 / 16px 16px }
figcaption { margin-block-start: .5rem; overflow-wrap: anywhere }
figcaption p { margin: .1rem 0 0 }
small { color: var(--quiet); font-size: .86rem }
`;
