import { assetHeaders } from "../asset-headers.ts";
import { colours } from "../colours.ts";
import { hashSource, policyText } from "../content-security-policy.ts";
import { icon } from "../icon.ts";

/** A page of the server's own that is sent whole: it loads nothing. */
export interface ServerPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface PageParts {
  /** The title of the browser's tab, before the product's name. */
  readonly title?: string;
  /** HTML. */
  readonly body: string;
  readonly styles: string;
  /** The one script that may run. */
  readonly script?: string;
}

const commonStyles = `
:root {
  color-scheme: light dark;
  ${colours}
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, "DejaVu Sans Mono", monospace;
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); overflow-wrap: break-word }
h1, h2, p, dl, dd, ul, pre { margin: 0; padding: 0 }
h1 { letter-spacing: -.02em; text-wrap: balance }
a { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: .25rem }
.brand { display: inline-flex; align-items: center; gap: .6rem; color: inherit; font-weight: 650; text-decoration: none }
.brand svg { display: block; inline-size: 1.75rem; block-size: 1.75rem }
.button { display: inline-block; padding: .55rem 1.1rem; border: 1px solid var(--edge); border-radius: .6rem; background: var(--surface); color: var(--text); font-weight: 600; text-decoration: none }
.button:hover { border-color: var(--accent); background: var(--tint) }
`;

/** The product's icon and name. */
export const brand = `<span aria-hidden="true">${icon}</span>Sluice`;

/** The whole page. Its policy lets these styles and this script in, and nothing else. */
export function serverPage({ title, body, styles, script }: PageParts): ServerPage {
  const style = commonStyles + styles;
  const policy = policyText({
    "default-src": "'none'",
    "style-src": hashSource(style),
    ...(script !== undefined && { "script-src": hashSource(script) }),
    // The icon of the tab.
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
  });
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title === undefined ? "Sluice" : `${title} · Sluice`}</title>
<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,${Buffer.from(icon).toString("base64")}">
<style>${style}</style>
</head>
<body>
${body}
${script === undefined ? "" : `<script>${script}</script>\n`}</body>
</html>
`;
  return { html, headers: { ...assetHeaders("text/html; charset=utf-8"), "content-security-policy": policy } };
}

interface Notice {
  readonly heading: string;
  /** HTML. */
  readonly body: string;
  /** Whether the brand leads to the server's first page. What visitors of other sites see does not. */
  readonly linked?: boolean;
  readonly script?: string;
}

const styles = `
body { min-block-size: 100vh; min-block-size: 100dvh; display: grid; grid-template-rows: auto 1fr; padding: 1.25rem clamp(1.25rem, 4vw, 2.5rem) }
main { align-self: center; justify-self: center; inline-size: 100%; max-inline-size: 34rem; padding-block: 2rem 18vh }
h1 { font-size: clamp(1.5rem, 1.2rem + 1.5vw, 2rem); line-height: 1.2 }
main p { margin-block-start: .75rem; color: var(--quiet); text-wrap: pretty }
.actions { display: flex; flex-wrap: wrap; gap: .6rem; margin-block-start: 1.75rem }
code, pre { font-family: var(--mono); font-size: .85rem }
p code { padding: .1em .3em; border-radius: .3rem; background: var(--sunken) }
pre { margin-block-start: 1rem; overflow: auto; padding: 1rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--sunken) }
`;

/** A page that says one thing, such as that there is nothing here. */
export function noticePage({ heading, body, linked = true, ...rest }: Notice): ServerPage {
  const top = linked ? `<a class="brand" href="/">${brand}</a>` : `<span class="brand">${brand}</span>`;
  return serverPage({
    title: heading,
    styles,
    body: `<header>${top}</header>
<main>
<h1>${heading}</h1>
${body}
</main>`,
    ...rest,
  });
}
