import { describe, expect, test } from "vitest";
import { sanitiseSvg } from "./sanitise-svg.ts";

const limits = { bytes: 1_000_000, elements: 10_000 };
const head = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">`;
const svg = (content: string) => `${head}${content}</svg>`;

function sanitise(text: string, wanted: Partial<typeof limits> = {}): Promise<string | undefined> {
  return sanitiseSvg(text, { ...limits, ...wanted }, new AbortController().signal);
}

/** Sanitises a drawing with this content in its root element, and returns what is left of the content. */
async function left(content: string): Promise<string | undefined> {
  const whole = await sanitise(svg(content));
  return whole?.replace(/^<svg [^>]*>/, "").replace(/<\/svg>$/, "");
}

describe("what draws stays as it is", () => {
  test.each([
    `<rect x="1" y="2" width="3" height="4" fill="#f00" stroke="rgb(1 2 3 / 50%)" rx="1"/>`,
    `<g id="a" class="b c" transform="translate(1,2) rotate(-30)" style="fill:red;stroke-width:2px"><path d="M0 0L9 9z"/></g>`,
    `<linearGradient id="g" gradientUnits="userSpaceOnUse"><stop offset="0" stop-color="red"/></linearGradient><rect fill="url(#g)"/>`,
    `<symbol id="s" viewBox="0 0 9 9"><circle r="4"/></symbol><use href="#s"/><use xlink:href="#s"/>`,
    `<clipPath id="c"><circle r="4"/></clipPath><mask id="m"><rect/></mask><g clip-path="url(#c)" mask="url('#m')"/>`,
    `<filter id="f"><feGaussianBlur in="SourceGraphic" stdDeviation="3"/></filter><g filter="url(#f) blur(2px)"/>`,
    `<text x="1" font-family="'Open Sans', serif" xml:space="preserve">a &amp; b &lt; <tspan dy="2">c</tspan> ✓ 𝒳</text>`,
    `<image href="data:image/png;base64,iVBORw0KGgo=" width="1" height="1"/>`,
    `<title>A title</title><desc>with "quotes"</desc>`,
    `<circle r="1"><animate attributeName="r" values="1;2;1" dur="1s" repeatCount="indefinite"/></circle>`,
    `<g><animate attributeName="fill" values="url(#a);red;rgb(1 2 3)" dur="1s"/></g>`,
    `<path><animateMotion path="M0 0L9 9"><mpath href="#p"/></animateMotion></path>`,
    `<g aria-label="A &quot;b&quot;" role="img" data-name="Layer 1"/>`,
    `<a href="#top"><circle r="1"/></a>`,
    `<style>.a{fill:red}\n@media (max-width: 9px){.a &gt; b{fill:url(#g)}}</style>`,
  ])("%s", async (content) => {
    expect(await left(content)).toBe(content);
  });

  test("whatever prefix its language has, and with the entities that drawing programs declare", async () => {
    const doctype = `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd" [<!ENTITY ns_svg "http://www.w3.org/2000/svg"> <!ENTITY c 'red'>]>`;
    const text = `<?xml version="1.0"?>${doctype}<s:svg xmlns:s="&ns_svg;" xmlns:l="http://www.w3.org/1999/xlink"><s:use l:href="#a" fill="&c;"/></s:svg>`;
    expect(await sanitise(text)).toBe(`${head}<use xlink:href="#a" fill="red"/></svg>`);
  });

  test("line breaks in attributes stay what they are", async () => {
    expect(await left(`<path d="M0&#10;0"/>`)).toBe(`<path d="M0&#10;0"/>`);
  });
});

describe("what runs, or leads out of the drawing, goes", () => {
  test.each([
    ["a script", `<script>alert(1)</script>`, ""],
    ["a script with a prefix", `<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>`, ""],
    ["a script of HTML's", `<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>`, ""],
    ["a script within what goes", `<metadata><g><script>alert(1)</script></g><rect/></metadata><g/>`, "<g/>"],
    ["foreign objects", `<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img/></body></foreignObject>`, ""],
    ["handlers", `<g onload="alert(1)" ONCLICK="a" onbegin="a" id="a"/>`, `<g id="a"/>`],
    ["handlers with a prefix", `<g xmlns:x="http://www.w3.org/2000/svg" x:onload="alert(1)"/>`, "<g/>"],
    ["XML events", `<handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">alert(1)</handler>`, ""],
    ["links", `<a href="https://example.com/" target="_top"><g/></a>`, `<a target="_top"><g/></a>`],
    ["links that run", `<a xlink:href=" java&#10;script:alert(1)"/>`, "<a/>"],
    [
      "pictures from elsewhere",
      `<image href="https://example.com/a.png"/><image href="/a.png"/>`,
      "<image/>".repeat(2),
    ],
    ["drawings as pictures", `<image href="data:image/svg+xml,%3Csvg/%3E"/>`, "<image/>"],
    ["pages as pictures", `<feImage href="data:text/html,x"/>`, "<feImage/>"],
    ["a picture where none belongs", `<use href="data:image/png;base64,AAAA"/>`, "<use/>"],
    ["elements of other files", `<use href="other.svg#a"/><use href="//example.com/a.svg#a"/>`, "<use/>".repeat(2)],
    ["another base", `<g xml:base="https://example.com/"><use href="#a"/></g>`, `<g><use href="#a"/></g>`],
    [
      "animations of where a link leads",
      `<a><animate attributeName="href" values="javascript:alert(1)"/><set attributeName="xlink:href" to="x"/></a>`,
      "<a></a>",
    ],
    ["animations of handlers", `<g><set attributeName="onload" to="alert(1)"/></g>`, "<g></g>"],
    [
      "what is animated to lead out",
      `<g><animate attributeName="fill" to="url(https://example.com/#a)" dur="1s"/></g>`,
      `<g><animate attributeName="fill" dur="1s"/></g>`,
    ],
    ["paint from elsewhere", `<g fill="url(https://example.com/a.svg#b)" stroke="red"/>`, `<g stroke="red"/>`],
    [
      "paint whose name is written in escapes",
      String.raw`<g fill="u\72l(https://example.com/)" stroke="URL( '//example.com' )"/>`,
      "<g/>",
    ],
    [
      "a style that fetches",
      `<g style="fill:red;background:url(//example.com);stroke:blue"/>`,
      `<g style="fill:red;stroke:blue"/>`,
    ],
    [
      "a sheet's imports",
      `<style>@import url(//example.com/a.css);@import "b.css";.a{fill:red}</style>`,
      "<style>.a{fill:red}</style>",
    ],
    ["a sheet of markup", `<style>&lt;/style>&lt;script>alert(1)&lt;/script></style>`, "<style></style>"],
    [
      "a sheet whose brackets aren't closed",
      `<style>a{b:rgb(1}c:not(d{e:f}g{h:i}</style>`,
      "<style>a{}\ng{h:i}</style>",
    ],
    [
      "what only seems to be a URL's name",
      `<style>a{b:u/**/rl(//example.com);c:image-set("//example.com" 1x);d:-url(x)}</style>`,
      "<style>a{}</style>",
    ],
    [
      "a condition that fetches",
      `<style>@supports (a:url("//example.com")){a{b:c}}a[b="&lt;"]{c:d}</style>`,
      "<style></style>",
    ],
    [
      "fonts from elsewhere",
      `<style>@font-face{src:url(//example.com);src:url("data:font/woff2;base64,AA") format("woff2")}</style>`,
      `<style>@font-face{src:url("data:font/woff2;base64,AA") format("woff2")}</style>`,
    ],
    [
      "imports behind what a browser leaves out",
      `<style>--&gt; @import "//example.com";{}a{b:c}</style><style>;@import "//example.com";d{}e}@import "f"{}</style>`,
      "<style>a{b:c}</style><style></style>",
    ],
    [
      "what would take its meaning from the sign behind it",
      `<style>a{b:c\\ ;d:e}f\\\n{g:h}i\\ {j:k}</style>`,
      "<style>a{b:c\\ ;d:e}\ni\\ {j:k}</style>",
    ],
    [
      "what an animation finds in its values when it has cut them",
      `<animate attributeName="mask" values="/*;url(//example.com#a);*/"/><set attributeName="fill" values="';url(//example.com);'"/>`,
      `<animate attributeName="mask"/><set attributeName="fill"/>`,
    ],
    [
      "references behind spaces that are none to a browser",
      `<use href="&#160;#a"/><image href="&#xfeff;data:image/png,/../a"/><g style="mask:url('&#160;data:image/png,a')"/>`,
      "<use/><image/><g/>",
    ],
    ["elements in a title", `<title>a<script>alert(1)</script><g/>b</title>`, "<title>ab</title>"],
    ["comments and instructions", `<!-- a --><?xml-stylesheet href="//example.com"?><g/>`, "<g/>"],
    [
      "sections, whose text stays text",
      `<text><![CDATA[<script>alert(1)</script>]]></text>`,
      "<text>&lt;script&gt;alert(1)&lt;/script&gt;</text>",
    ],
    ["other languages", `<sodipodi:namedview xmlns:sodipodi="urn:s"><g/></sodipodi:namedview>`, ""],
    ["unknown elements and attributes", `<blink/><g blink="1" constructor="1" __proto__="1"/>`, "<g/>"],
  ])("%s", async (_, content, expected) => {
    expect(await left(content)).toBe(expected);
  });
});

const nested = (levels: number, content: string) =>
  Array.from(
    { length: levels },
    (_, level) => `<g id="g${level}">${content.replaceAll("NEXT", `g${level + 1}`)}</g>`,
  ).join("");

describe("is no drawing", () => {
  test.each([
    ["what isn't well-formed", `${head}<g></svg>`],
    ["what isn't closed", head],
    ["what comes twice", svg("") + svg("")],
    ["a page", `<html xmlns="http://www.w3.org/1999/xhtml"><svg/></html>`],
    ["a root of another language", `<svg xmlns="http://www.w3.org/1999/xhtml"><script/></svg>`],
    ["a root without a language", `<svg><g/></svg>`],
    ["nothing", ""],
    ["text", "plain"],
    ["an attribute that comes twice", svg(`<g id="a" id="b"/>`)],
    ["an unknown prefix", svg(`<x:g/>`)],
    ["an unknown entity", svg(`<text>&nbsp;</text>`)],
    ["a control character", svg(`<text>&#1;</text>`)],
    ["entities within entities", `<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${svg("<text>&b;</text>")}`],
    ["entities of files", `<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>${svg("<text>&a;</text>")}`],
    ["entities of markup", `<!DOCTYPE svg [<!ENTITY a "<script/>">]>${svg("&a;")}`],
    [
      "entities upon entities",
      `<!DOCTYPE svg [<!ENTITY a "${"x".repeat(1000)}">]>${svg(`<g id="${"&a;".repeat(2000)}"/>`)}`,
    ],
    ["elements in elements without end", svg(`${"<g>".repeat(300)}${"</g>".repeat(300)}`)],
    ["too many attributes", svg(`<g ${Array.from({ length: 1001 }, (_, index) => `a${index}=""`).join(" ")}/>`)],
    ["too many elements", svg("<g/>".repeat(10_001))],
    ["too much text", svg("x".repeat(1_000_001))],
    ["use within use", svg(nested(30, `<use href="#NEXT"/><use xlink:href=" #NEXT"/>`))],
    ["patterns within patterns", svg(nested(30, `<rect fill="url(#NEXT)"/><rect style="mask:url('#NEXT')"/>`))],
  ])("%s", async (_, text) => {
    expect(await sanitise(text)).toBeUndefined();
  });
});

test("what is shown again counts, up to ten times as many as what is written", async () => {
  const symbol = `<g id="a">${"<rect/>".repeat(9)}</g>`;
  const shown = (times: number) => sanitise(svg(symbol + '<use href="#a"/>'.repeat(times)), { elements: 1000 });
  expect(await shown(900)).toBeDefined();
  expect(await shown(970)).toBeUndefined();
});

test("what refers to itself is a drawing: it isn't drawn", async () => {
  expect(await left(`<g id="a"><use href="#a"/></g>`)).toBe(`<g id="a"><use href="#a"/></g>`);
});

test("what has been cleaned is clean", async () => {
  const text = svg(`<style>.a{fill:red}</style><text font-family="&quot;a&quot;">&lt;</text><g style="fill:url(#a)"/>`);
  const once = await sanitise(text);
  expect(await sanitise(once ?? "")).toBe(once);
});

test.each([
  ["elements", (length: number) => svg("<g/>".repeat(length / 4))],
  [
    "attributes",
    (length: number) => svg(`<g ${Array.from({ length: length / 12 }, (_, index) => `a${index}="1"`).join(" ")}/>`),
  ],
  ["a style sheet", (length: number) => svg(`<style>${".a{b:c(".repeat(length / 7)}</style>`)],
  ["values of an animation", (length: number) => svg(`<animate values="${"a();".repeat(length / 4)}"/>`)],
  ["comments in a style sheet", (length: number) => svg(`<style>${"/*".repeat(length / 2)}</style>`)],
  ["a doctype", (length: number) => `<!DOCTYPE svg [${"<!ENTITY a '".repeat(length / 12)}]>${svg("")}`],
  ["blocks in a style sheet", (length: number) => svg(`<style>${"@media{".repeat(length / 7)}</style>`)],
  ["URLs in a style sheet", (length: number) => svg(`<style>a{b:${"url( ".repeat(length / 5)}}</style>`)],
  ["strings in a style sheet", (length: number) => svg(`<style>a{b:${`"\\`.repeat(length / 2)}}</style>`)],
])("%s without end take a time in proportion", async (_, make) => {
  const text = make(500_000);
  const start = performance.now();
  await sanitise(text, { bytes: 4_000_000, elements: 1_000_000 });
  expect(performance.now() - start).toBeLessThan(5000);
});

test("whoever goes away ends it", async () => {
  const text = svg("<g/>".repeat(100_000));
  await expect(sanitiseSvg(text, limits, AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
});
