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

/** A drawing of what the server does: one original flows through the gate and leaves it in several sizes. */
const landingPicture = `<svg class="picture" viewBox="0 0 480 300" width="480" height="300" aria-hidden="true" fill="none">
<defs>
<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#9fe0f5"/><stop offset="1" stop-color="#e3f2f7"/></linearGradient>
<symbol id="scene" viewBox="0 0 120 90" preserveAspectRatio="xMidYMid slice"><rect width="120" height="90" fill="url(#sky)"/><circle cx="88" cy="24" r="10" fill="#fff"/><path d="M0 62 34 30l26 24 18-14 42 34v16H0z" fill="#0b6b8a"/><path d="M0 74q20-8 40 0t40 0 40 0v16H0z" fill="#073f52"/></symbol>
</defs>
<path d="M128 150h88M264 150c44 0 44-92 92-92M264 150h68M264 150c44 0 44 92 92 92" stroke="var(--edge)" stroke-width="2.500" stroke-dasharray="2 8" stroke-linecap="round"/>
<g><rect x="5" y="99" width="124" height="102" rx="12" fill="var(--surface)" stroke="var(--line)" stroke-width="2"/><svg x="13" y="107" width="108" height="86"><use href="#scene"/></svg></g>
<g><rect x="210" y="112" width="60" height="76" rx="14" fill="#0b6b8a"/><path d="M222 126v48M258 126v48" stroke="#fff" stroke-width="5" stroke-linecap="round"/><path d="M230 131h20v14h-20z" fill="#9fe0f5"/><path d="M230 157q5-6 10 0t10 0M230 168q5-6 10 0t10 0" stroke="#fff" stroke-width="3.500" stroke-linecap="round"/></g>
<g><rect x="356" y="13" width="119" height="84" rx="12" fill="var(--surface)" stroke="var(--line)" stroke-width="2"/><svg x="364" y="21" width="103" height="68"><use href="#scene"/></svg></g>
<g><rect x="332" y="113" width="74" height="74" rx="37" fill="var(--surface)" stroke="var(--line)" stroke-width="2"/><clipPath id="round"><circle cx="369" cy="150" r="29"/></clipPath><g clip-path="url(#round)"><svg x="340" y="121" width="58" height="58"><use href="#scene"/></svg></g></g>
<g><rect x="356" y="203" width="68" height="92" rx="12" fill="var(--surface)" stroke="var(--line)" stroke-width="2"/><svg x="364" y="211" width="52" height="76"><use href="#scene"/></svg></g>
</svg>`;
