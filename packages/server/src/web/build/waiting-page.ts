import { assetHeaders } from "../asset-headers.ts";
import { hashSource, policyText } from "../content-security-policy.ts";
import type { MissingApp } from "./kept-app.ts";

/** The page in place of an app that isn't there. */
export interface WaitingPage {
  readonly html: string;
  readonly headers: Record<string, string>;
}

/** The names by which the page calls the app: "The console is being built". */
export interface AppName {
  readonly short: string;
  readonly long: string;
}

interface Texts {
  readonly heading: string;
  readonly text: string;
}

function textsOf(state: MissingApp["state"], { short, long }: AppName): Texts {
  switch (state) {
    case "building":
      return {
        heading: `The ${short} is being built`,
        text: `This happens once, after the first start from a checkout, and takes some seconds. The page shows the ${short} as soon as it is there.`,
      };
    case "failed":
      return {
        heading: `The ${short} could not be built`,
        text: "The next <code>npm start</code> tries again, and so does <code>npm run build</code>. This was wrong:",
      };
    case "unbuilt":
      return {
        heading: `The ${short} is not built`,
        text: "<code>npm ci &amp;&amp; npm run build</code> builds it in this checkout, and so does the next start of the server by <code>npm start</code>.",
      };
    case "absent":
      return {
        heading: `There is no ${short} here`,
        text: `This installation of Sluice comes without its ${long}. The API is all there: see <a href="/docs/api">its reference</a>.`,
      };
  }
}

/** The states that may change while somebody looks at the page. */
const changesSoon: ReadonlySet<MissingApp["state"]> = new Set(["building", "unbuilt"]);

const styles = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { max-width: 36rem; margin: 0 auto; padding: clamp(2rem, 20vh, 12rem) 1.25rem; background: light-dark(#f4f7f8, #10171a); color: light-dark(#14232a, #e6eef1) }
  h1 { margin: 0; font-size: 1.6rem; letter-spacing: -.02em }
  p { color: light-dark(#50636b, #a0b1b8) }
  pre { overflow: auto; padding: 1rem; border-radius: .5rem; background: light-dark(#e7edf0, #182226); font-size: .85rem }
  a { color: light-dark(#0b6b8a, #69cdea) }
`;

/** A reload keeps the fragment, which may be a link's secret. */
const script = "setTimeout(() => location.reload(), 1500);";

const policy = policyText({
  "default-src": "'none'",
  "style-src": hashSource(styles),
  "script-src": hashSource(script),
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
});

export function waitingPage(build: MissingApp, name: AppName): WaitingPage {
  const { heading, text } = textsOf(build.state, name);
  const problem = build.state === "failed" ? `<pre tabindex="0">${asText(build.problem)}</pre>\n` : "";
  const reload = changesSoon.has(build.state) ? `<script>${script}</script>\n` : "";
  return plainPage(heading, `<p role="status">${text}</p>\n${problem}${reload}`);
}

/** The page at an address of the documentation that has none. */
export function noSuchPage(): WaitingPage {
  return plainPage("There is no such page", '<p>The <a href="/docs/">documentation</a> lists all of its pages.</p>\n');
}

function plainPage(heading: string, body: string): WaitingPage {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sluice</title>
<style>${styles}</style>
<h1>${heading}</h1>
${body}</html>
`;
  return { html, headers: { ...assetHeaders("text/html; charset=utf-8"), "content-security-policy": policy } };
}

function asText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
