import Fastify from "fastify";
import { expect, test } from "vitest";
import { robotsRoute } from "./robots.ts";

/** Whether a search engine may read the path: of the rules that match, the longest one counts (RFC 9309 §2.2.2). */
function mayRead(robots: string, path: string): boolean {
  const rules = [...robots.matchAll(/^(Allow|Disallow): (.*)$/gm)].map(([, kind, rule = ""]) => ({ kind, rule }));
  const matching = rules.filter(({ rule }) => (rule.endsWith("$") ? `${path}$` === rule : path.startsWith(rule)));
  const [longest] = matching.sort((a, b) => b.rule.length - a.rule.length);
  return longest?.kind !== "Disallow";
}

test("search engines are led to files and away from the server's own pages", async () => {
  const app = Fastify().register(robotsRoute());
  const { statusCode, headers, body } = await app.inject("/robots.txt");
  expect([statusCode, headers["content-type"]]).toEqual([200, "text/plain; charset=utf-8"]);
  expect(body).toMatch(/^User-agent: \*$/m);
  const closed = [
    "/console",
    "/console/files",
    "/v1/files?limit=1",
    "/_sluice/demo",
    "/docs/",
    "/health",
    "/metrics?x",
  ];
  const open = ["/", "/demo/a.jpg", "/console2/a.jpg", "/v1x/tr:w-1/a.jpg", "/_sluice/client.js"];
  expect(closed.filter((path) => mayRead(body, path))).toEqual([]);
  expect(open.filter((path) => !mayRead(body, path))).toEqual([]);
});
