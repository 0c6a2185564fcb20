import type { FastifyPluginAsync } from "fastify";
import type { Config } from "../../config/config.ts";
import { version } from "../../observability/version.ts";
import { type Door, type Endpoint, landingPage } from "../../web/pages/landing-page.ts";
import { addRoute, asPlainJson } from "../add-route.ts";
import { opensPage, pageVary, sendPage } from "../send-page.ts";
import { pageOperations } from "./page-operations.ts";

interface LandingDeps {
  readonly config: Pick<Config, "console" | "demo" | "metricsListen" | "metricsToken">;
}

const doors = {
  console: { path: "/console", title: "Console", text: "Browse, search and manage the files in your library." },
  documentation: { path: "/docs/", title: "Documentation", text: "Get started, follow a guide, look something up." },
  reference: { path: "/docs/api", title: "API reference", text: "Every request, with examples that you can run." },
  demo: { path: "/_sluice/demo", title: "Upload demo", text: "Upload a file and see each step of the way." },
} as const satisfies Readonly<Record<string, Door>>;

const endpoints = {
  upload: { path: "/api/v2/files/upload", method: "POST", text: "Upload a file", opens: false },
  files: { path: "/v1/files", method: "GET", text: "List and search files", opens: false },
  openapi: { path: "/openapi.json", method: "GET", text: "OpenAPI description", opens: true },
  health: { path: "/health", method: "GET", text: "Health check", opens: true },
  metrics: { path: "/metrics", method: "GET", text: "Prometheus metrics", opens: true },
} as const satisfies Readonly<Record<string, Endpoint>>;

/** `/`: says what runs here and where to go from here, as a page for people and as JSON for programs. */
export function landingRoute({ config }: LandingDeps): FastifyPluginAsync {
  const { console, demo, ...otherDoors } = doors;
  const { metrics, ...otherEndpoints } = endpoints;
  const shown = {
    doors: { ...(config.console && { console }), ...otherDoors, ...(config.demo && { demo }) },
    endpoints: {
      ...otherEndpoints,
      ...(config.metricsListen === undefined && {
        metrics: { ...metrics, opens: config.metricsToken === undefined },
      }),
    },
  };
  const links = Object.fromEntries(
    Object.entries({ ...shown.doors, ...shown.endpoints }).map(([name, { path }]) => [name, path]),
  );
  const page = landingPage({
    version,
    doors: Object.values(shown.doors),
    endpoints: Object.values(shown.endpoints),
  });
  return async (app) => {
    addRoute(
      app,
      pageOperations.getLandingPage,
      async (request, reply) => {
        reply.header("vary", pageVary).header("cache-control", "no-store");
        return opensPage(request) ? sendPage(reply, page) : { name: "sluice", version, links };
      },
      asPlainJson,
    );
  };
}
