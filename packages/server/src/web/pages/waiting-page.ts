import type { MissingApp } from "../build/kept-app.ts";
import type { ServerPage } from "./server-page.ts";
import { noticePage } from "./server-page.ts";

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
        heading: `Building the ${short}`,
        text: "This happens once, after the first start from a checkout, and takes a few seconds. The page opens when it's done.",
      };
    case "failed":
      return {
        heading: `The ${short} couldn't be built`,
        text: "Fix the problem below, then run <code>npm start</code> or <code>npm run build</code> again.",
      };
    case "unbuilt":
      return {
        heading: `The ${short} isn't built yet`,
        text: "Run <code>npm ci &amp;&amp; npm run build</code> in this checkout, or restart the server with <code>npm start</code>.",
      };
    case "absent":
      return {
        heading: `The ${short} isn't installed`,
        text: `This installation doesn't include the ${long}. The API works as usual: see the <a href="/docs/api">API reference</a>.`,
      };
  }
}

/** The states that may change while somebody looks at the page. */
const changesSoon: ReadonlySet<MissingApp["state"]> = new Set(["building", "unbuilt"]);

/** A reload keeps the fragment, which may be a link's secret. */
const script = "setTimeout(() => location.reload(), 1500);";

/** The page in place of an app that isn't there. */
export function waitingPage(build: MissingApp, name: AppName): ServerPage {
  const { heading, text } = textsOf(build.state, name);
  const problem = build.state === "failed" ? `\n<pre tabindex="0">${asText(build.problem)}</pre>` : "";
  return noticePage({
    heading,
    body: `<p role="status">${text}</p>${problem}`,
    ...(changesSoon.has(build.state) && { script }),
  });
}

function asText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
