const head = `xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"`;

/** A drawing that tries in every way to run a script or to send a request to the other host. */
export function restlessDrawing(host: string): string {
  const ask = (name: string) => `new Image().src='${host}/${name}'`;
  return `<?xml version="1.0"?>
<?xml-stylesheet type="text/css" href="${host}/instruction.css"?>
<!DOCTYPE svg [<!ENTITY name "script">]>
<svg ${head} xmlns:x="http://www.w3.org/2000/svg" xmlns:h="http://www.w3.org/1999/xhtml"
  width="200" height="200" onload="${ask("load-handler")}">
<script>${ask("script")}</script>
<x:script><![CDATA[${ask("prefixed-script")}]]></x:script>
<script href="${host}/script.js"/>
<h:script>${ask("html-script")}</h:script>
<style>
@import url(${host}/import.css);
@font-face { font-family: restless; src: url(${host}/font.woff2) }
text { font-family: restless }
rect { cursor: url(${host}/cursor.png), auto }
circle { fill: u\\72l(${host}/escaped.svg#a); mask-image: image-set("${host}/set.png" 1x); background: url("${host}/background.png") }
</style>
<text x="5" y="20">restless</text>
<rect width="90" height="90" style="filter: url(${host}/filter.svg#a)" onclick="${ask("click-handler")}"/>
<circle r="9" fill="url(${host}/paint.svg#a)" mask="url(${host}/mask.svg#a)"/>
<image href="${host}/image.png" width="9" height="9"/>
<image xlink:href="${host}/xlink-image.png" width="9" height="9"/>
<image href="data:image/svg+xml,&lt;svg xmlns='http://www.w3.org/2000/svg' onload=&quot;${ask("inner-handler")}&quot;/&gt;" width="9" height="9"/>
<use href="${host}/use.svg#a"/>
<filter id="f"><feImage href="${host}/effect.png"/></filter><g filter="url(#f)"><rect width="9" height="9"/></g>
<foreignObject width="99" height="99"><h:body><h:img src="${host}/foreign.png" onerror="${ask("foreign-handler")}"/><h:iframe src="${host}/frame"/></h:body></foreignObject>
<h:img src="${host}/html.png"/>
<a id="a" href="javascript:${ask("link")}"><rect width="200" height="200" fill="none" pointer-events="all"/>
<animate attributeName="href" values="javascript:${ask("animated-link")}" begin="0s" fill="freeze"/></a>
<rect width="1" height="1"><animate attributeName="x" to="1" dur="0.1s" onbegin="${ask("begin-handler")}"/><set attributeName="onmouseover" to="${ask("animated-handler")}"/></rect>
</svg>`;
}

const square = (fill: string) => `<rect x="10" y="10" width="80" height="80" fill="${fill}"/>`;
/** One red pixel. */
const dot =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/** Drawings with the elements that honest drawings use. */
export const honestDrawings: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    gradients: `<defs><linearGradient id="g" x2="0" y2="1"><stop offset="0" stop-color="#08f"/><stop offset="1" stop-color="rgb(255 0 0 / 50%)"/></linearGradient><radialGradient id="h" xlink:href="#g" r="40%"/></defs>${square("url(#g)")}<circle cx="50" cy="50" r="30" fill="url('#h')"/>`,
    text: `<text x="50" y="55" text-anchor="middle" font-family="'DejaVu Sans', sans-serif" font-size="20" xml:space="preserve">A &amp; <tspan fill="red" dy="9" font-weight="bold">b</tspan> é</text><path id="p" d="M10 90 Q50 60 90 90" fill="none"/><text font-size="9"><textPath href="#p">along a path</textPath></text>`,
    clipping: `<clipPath id="c"><circle cx="50" cy="50" r="35"/></clipPath><mask id="m"><rect width="100" height="50" fill="white"/></mask><g clip-path="url(#c)">${square("green")}</g><g mask="url(#m)"><rect width="30" height="99" fill="blue"/></g>`,
    filters: `<filter id="f" x="-.5" y="-.5" width="2" height="2"><feGaussianBlur in="SourceAlpha" stdDeviation="3" result="b"/><feOffset dx="5" dy="5"/><feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge></filter><circle cx="45" cy="45" r="25" fill="gold" filter="url(#f)"/><rect width="20" height="20" fill="red" style="filter:hue-rotate(90deg) blur(1px)"/>`,
    symbols: `<symbol id="s" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5"/></symbol><use href="#s" width="40" height="40" fill="red"/><use xlink:href="#s" x="50" y="50" width="30" height="30" fill="blue" opacity=".5"/>`,
    styles: `<style type="text/css"><![CDATA[.a, #b > rect:not(.c) { fill: teal; stroke: #000; stroke-width: 3px } @media (min-width: 1px) { .d { fill: orange } } .e{transform:rotate(20deg) translate(5px,calc(2px + 3px))} @media print { .a { display: none } }]]></style><rect class="a" width="40" height="40"/><g id="b"><rect x="50" width="40" height="40"/><rect class="c" y="50" width="40" height="40"/></g><circle class="d" cx="70" cy="70" r="20"/><rect class="e" x="45" y="45" width="10" height="10" style="fill:purple;stroke:lime"/>`,
    patterns: `<pattern id="q" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(30)"><path d="M0 0h5v5h-5z" fill="navy"/></pattern>${square("url(#q)")}<marker id="k" markerWidth="4" markerHeight="4" refX="2" refY="2" orient="auto"><path d="M0 0L4 2L0 4z"/></marker><polyline points="10,10 50,50 90,10" fill="none" stroke="red" stroke-width="3" marker-mid="url(#k)" marker-end="url(#k)" stroke-dasharray="6 2"/>`,
    nested: `<svg x="10" y="10" width="50" height="50" viewBox="0 0 10 10" preserveAspectRatio="none"><ellipse cx="5" cy="5" rx="5" ry="3"/></svg><switch><rect systemLanguage="xx" width="99" height="99"/><rect x="60" y="60" width="30" height="30" fill="pink"/></switch><g transform="matrix(.5 0 0 .5 50 0) skewX(10)">${square("brown")}</g>`,
    pictures: `<image href="${dot}" x="5" y="5" width="40" height="40" style="image-rendering:pixelated"/><image xlink:href="${dot}" x="55" y="55" width="40" height="40" preserveAspectRatio="none"/>`,
    links: `<a href="#a" xlink:title="t">${square("olive")}</a><line x1="0" y1="0" x2="100" y2="100" stroke="currentColor" vector-effect="non-scaling-stroke" stroke-linecap="round" stroke-width="5"/>`,
  }).map(([name, content]) => [name, `<svg ${head} width="100" height="100" viewBox="0 0 100 100">${content}</svg>`]),
);

/** A drawing as a drawing program writes it, with its own entities, prefixes and languages. */
export const illustrated = `<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: a drawing program -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
  <!ENTITY ns_svg "http://www.w3.org/2000/svg"><!ENTITY ns_extend "urn:extend"><!ENTITY blue '#00f'>
]>
<s:svg xmlns:s="&ns_svg;" xmlns:i="&ns_extend;" i:pageBounds="0 792" width="100" height="100">
<s:metadata><i:sfw><i:slices/></i:sfw></s:metadata><s:rect x="20" y="20" width="60" height="60" fill="&blue;" i:knockout="Off"/></s:svg>`;
