import type { FastifyPluginAsync } from "fastify";
import { reservedSegments } from "../../config/reserved-paths.ts";

const path = "/robots.txt";

/** Modules of users' pages. A search engine that renders such a page loads them. */
const loadedByPages = ["/_sluice/client.js", "/_sluice/client/"];

/**
 * The text says that search engines may read what users' files deliver, and nothing of the server itself. An account's
 * id may begin like a reserved segment, so each line ends its segment (RFC 9309 §2.2.3).
 */
const text = [
  "User-agent: *",
  ...loadedByPages.map((prefix) => `Allow: ${prefix}`),
  ...[...reservedSegments]
    .filter((segment) => `/${segment}` !== path)
    .flatMap((segment) => ["$", "/", "?"].map((end) => `Disallow: /${segment}${end}`)),
  "",
].join("\n");

/** `/robots.txt`: what search engines may read of this server. */
export function robotsRoute(): FastifyPluginAsync {
  return async (app) => {
    app.get(path, async (_request, reply) =>
      reply
        .header("content-type", "text/plain; charset=utf-8")
        .header("cache-control", "public, max-age=3600")
        .header("x-content-type-options", "nosniff")
        .send(text),
    );
  };
}
