import type { FastifyPluginAsync } from "fastify";
import type { Config } from "../../config/config.ts";
import { version } from "../../observability/version.ts";
import { hashSource, policyText } from "../../web/content-security-policy.ts";
import { addRoute, asPlainJson } from "../add-route.ts";
import { pageOperations } from "./page-operations.ts";

export interface LandingNeeds {
  readonly config: Pick<Config, "console" | "demo" | "metricsListen" | "metricsToken">;
}

interface Page {
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly what: string;
}

const demo: Page = { path: "/_sluice/demo", method: "GET", what: "Try an upload with a token, step by step" };
const console: Page = { path: "/console", method: "GET", what: "The library and its settings, for people" };
const places = {
  documentation: { path: "/docs/", method: "GET", what: "The documentation: how to start, guides, reference" },
  reference: { path: "/docs/api", method: "GET", what: "The API's reference" },
  openapi: { path: "/openapi.json", method: "GET", what: "The API as an OpenAPI document" },
  health: { path: "/health", method: "GET", what: "Whether uploads can be taken" },
  metrics: { path: "/metrics", method: "GET", what: "Figures for Prometheus" },
  upload: { path: "/api/v2/files/upload", method: "POST", what: "Uploads, with a token or the private key" },
  files: { path: "/v1/files", method: "GET", what: "The library, with the private key" },
} as const satisfies Readonly<Record<string, Page>>;

/** `/`: says what runs here and where to go from here, as a page for people and as JSON for programs. */
export function landingRoute({ config }: LandingNeeds): FastifyPluginAsync {
  const { metrics, ...others } = places;
  const shown: Readonly<Record<string, Page>> = {
    ...(config.console && { console }),
    ...(config.demo && { demo }),
    ...others,
    ...(config.metricsListen === undefined && { metrics }),
  };
  const links = Object.fromEntries(Object.entries(shown).map(([name, { path }]) => [name, path]));
  const html = page(Object.values(shown), openPaths(config));
  return async (app) => {
    addRoute(
      app,
      pageOperations.getLandingPage,
      async (request, reply) => {
        reply.header("vary", "Accept").header("cache-control", "no-store");
        if (request.headers.accept?.includes("text/html") !== true) return { name: "sluice", version, links };
        return reply
          .header("content-type", "text/html; charset=utf-8")
          .header("content-security-policy", policy)
          .header("x-content-type-options", "nosniff")
          .send(html);
      },
      asPlainJson,
    );
  };
}

const styles = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { max-width: 42rem; margin: 0 auto; padding: clamp(2rem, 8vh, 6rem) 1.25rem; background: light-dark(#f4f7f8, #10171a); color: light-dark(#14232a, #e6eef1) }
  h1 { margin: 0; font-size: 2rem; letter-spacing: -.02em }
  p, dd { color: light-dark(#50636b, #a0b1b8) }
  dl { margin: 2rem 0 0; border: 1px solid light-dark(#d5dfe3, #2e3c42); border-radius: .75rem; background: light-dark(#fff, #182226) }
  dl div { padding: .8rem 1.1rem }
  dl div + div { border-top: 1px solid light-dark(#d5dfe3, #2e3c42) }
  dt { font-family: ui-monospace, Menlo, "DejaVu Sans Mono", monospace; font-size: .9rem; overflow-wrap: anywhere }
  dd { margin: .1rem 0 0; font-size: .92rem }
  a { color: light-dark(#0b6b8a, #69cdea) }
  a:focus-visible { outline: 2px solid; outline-offset: 3px; border-radius: 2px }
`;

const policy = policyText({
  "default-src": "'none'",
  "style-src": hashSource(styles),
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
});

/** The paths that are shown as links: those that a browser can open without a key. */
function openPaths({ metricsToken }: LandingNeeds["config"]): ReadonlySet<string> {
  return new Set([
    console.path,
    demo.path,
    "/docs/",
    "/docs/api",
    "/openapi.json",
    "/health",
    ...(metricsToken === undefined ? ["/metrics"] : []),
  ]);
}

function page(shown: readonly Page[], open: ReadonlySet<string>): string {
  const items = shown.map(({ path, method, what }) => {
    const name = open.has(path) ? `<a href="${path}">${path}</a>` : `${method} ${path}`;
    return `<div><dt>${name}</dt><dd>${what}</dd></div>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sluice</title>
<style>${styles}</style>
<h1>Sluice</h1>
<p>Takes uploads straight from browsers and phones, each locked by a one-time token. Version ${version}.</p>
<dl>
${items.join("\n")}
</dl>
</html>
`;
}
