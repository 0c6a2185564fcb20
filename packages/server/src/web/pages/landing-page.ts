import { landingPicture } from "./landing-picture.ts";
import { brand, type ServerPage, serverPage } from "./server-page.ts";

/** A page that the landing page leads to. */
export interface Door {
  readonly path: string;
  readonly title: string;
  readonly text: string;
}

/** A path for programs. */
export interface Endpoint {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly text: string;
  /** Whether a browser can open it without a key. */
  readonly opens: boolean;
}

interface Landing {
  readonly version: string;
  /** The first one is the most important. */
  readonly doors: readonly Door[];
  readonly endpoints: readonly Endpoint[];
}

const styles = `
body { padding: 1.25rem clamp(1.25rem, 4vw, 2.5rem) 2.5rem }
header, main { max-inline-size: 68rem; margin-inline: auto }
header { display: flex; align-items: center; justify-content: space-between; gap: 1rem }
.version { padding: .15rem .65rem; border: 1px solid var(--line); border-radius: 2rem; background: var(--surface); color: var(--quiet); font-size: .84rem; font-variant-numeric: tabular-nums }
.hero { display: grid; gap: 2rem 3.5rem; align-items: center; padding-block: clamp(2.5rem, 8vh, 5.5rem) clamp(2.5rem, 7vh, 4.5rem) }
h1 { font-size: clamp(2rem, 1.35rem + 2.9vw, 3.2rem); line-height: 1.1; font-weight: 700 }
.lead { margin-block-start: 1.1rem; max-inline-size: 34rem; color: var(--quiet); font-size: 1.1rem; text-wrap: pretty }
.picture { display: block; inline-size: 100%; max-inline-size: 30rem; block-size: auto; justify-self: center }
h2 { margin-block-end: .9rem; font-size: 1.1rem }
.doors { display: grid; gap: .9rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); list-style: none; margin-block-end: 3rem }
.doors li { position: relative; padding: 1.1rem 1.25rem; border: 1px solid var(--line); border-radius: .9rem; background: var(--surface) }
.doors li:hover { border-color: var(--accent); background: var(--tint) }
.doors a { font-weight: 650; text-decoration: none }
.doors a::after { content: ""; position: absolute; inset: 0; border-radius: .9rem }
.doors a:focus-visible { outline: none }
.doors li:has(a:focus-visible) { outline: 2px solid var(--accent); outline-offset: 3px }
.doors p { margin-block-start: .2rem; color: var(--quiet); font-size: .94rem }
.endpoints { border: 1px solid var(--line); border-radius: .9rem; background: var(--surface) }
.endpoints div { display: grid; grid-template-columns: minmax(0, 1fr); gap: .1rem 1.5rem; padding: .7rem 1.25rem }
.endpoints div + div { border-block-start: 1px solid var(--line) }
.endpoints dt { font-family: var(--mono); font-size: .86rem; overflow-wrap: anywhere }
.endpoints dd { color: var(--quiet); font-size: .92rem }
@media (min-width: 40rem) { .endpoints div { grid-template-columns: 17rem minmax(0, 1fr); align-items: baseline } }
@media (min-width: 56rem) { .hero { grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr) } }
`;

/** The server's first page: what runs here, and where to go from here. */
export function landingPage({ version, doors, endpoints }: Landing): ServerPage {
  return serverPage({
    styles,
    body: `<header><span class="brand">${brand}</span><span class="version">Version ${version}</span></header>
<main>
<div class="hero">
<div>
<h1>Your media library, on your own server</h1>
<p class="lead">Sluice takes uploads straight from browsers and phones, keeps them in one library, and serves images and videos in any size from a URL.</p>
</div>
${landingPicture}
</div>
<ul class="doors">
${doors.map(({ path, title, text }) => `<li><a href="${path}">${title}</a><p>${text}</p></li>`).join("\n")}
</ul>
<h2>Endpoints</h2>
<dl class="endpoints">
${endpoints.map(endpoint).join("\n")}
</dl>
</main>`,
  });
}

function endpoint({ method, path, text, opens }: Endpoint): string {
  const name = opens ? `${method} <a href="${path}">${path}</a>` : `${method} ${path}`;
  return `<div><dt>${name}</dt><dd>${text}</dd></div>`;
}
