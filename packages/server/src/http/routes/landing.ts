import type { FastifyPluginAsync } from "fastify";
import type { Services } from "../../services.ts";

/** `/`: what runs here and where to go from here, as a page for people and as JSON for programs. */
export function landingRoute({ config }: Services): FastifyPluginAsync {
  const links = {
    upload: "/api/v2/files/upload",
    files: "/v1/files",
    health: "/health",
    metrics: "/metrics",
    ...(config.demo ? { demo: "/_sluice/demo" } : {}),
  };
  return async (app) => {
    app.get("/", async (request, reply) => {
      const wantsHtml = request.headers.accept?.includes("text/html") === true;
      reply.header("vary", "Accept").header("cache-control", "no-store");
      if (!wantsHtml) return { name: "sluice", links };
      return reply
        .header("content-type", "text/html; charset=utf-8")
        .header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
        .header("x-content-type-options", "nosniff")
        .send(page(links));
    });
  };
}

function page(links: Readonly<Record<string, string>>): string {
  const items = Object.entries(links).map(
    ([name, path]) => `<li><a href="${path}">${name}</a> <code>${path}</code></li>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sluice</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
  li { margin: .4rem 0 }
  code { opacity: .7 }
</style>
<h1>Sluice</h1>
<p>This server takes uploads straight from browsers and phones, each locked by a one-time token.</p>
<ul>
  ${items.join("\n  ")}
</ul>
</html>
`;
}
