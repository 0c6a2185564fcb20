import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addErrorHandling } from "./plugins/errors.ts";
import { landingRoute } from "./routes/landing.ts";

const chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
const vary = "Accept, Sec-Fetch-Dest";

let app: FastifyInstance;
beforeAll(async () => {
  app = Fastify();
  addErrorHandling(app);
  const config = { console: true, demo: false, metricsListen: undefined, metricsToken: "secret" };
  await app.register(landingRoute({ config }));
});
afterAll(() => app.close());

test.each([
  ["a tab", { accept: chrome, "sec-fetch-dest": "document" }],
  ["a browser that does not say what it loads for", { accept: chrome }],
])("%s gets pages", async (_who, headers) => {
  const landing = await app.inject({ url: "/", headers });
  expect(landing.statusCode).toBe(200);
  expect(landing.headers).toMatchObject({ "content-type": "text/html; charset=utf-8", vary });
  const missing = await app.inject({ url: "/no<b>where</b>", headers });
  expect(missing.statusCode).toBe(404);
  expect(missing.headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": expect.stringMatching(/^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; /),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    vary,
  });
  expect(missing.body).toContain("Page not found");
  expect(missing.body).not.toContain("where");
});

test.each([
  ["curl", { accept: "*/*" }],
  ["a client that says nothing", {}],
  ["a script of a page", { accept: "application/json", "sec-fetch-dest": "empty" }],
  ["a client that likes JSON as much", { accept: "application/json, text/html, */*;q=0.1" }],
  ["a client that likes JSON more", { accept: "text/html;q=0.5, application/json;q=0.9" }],
  ["a client that refuses HTML", { accept: "*/*, text/html;q=0" }],
  ["a client that takes another type", { accept: "application/vnd.text/html+json" }],
  ["a frame", { accept: chrome, "sec-fetch-dest": "iframe" }],
])("%s gets JSON", async (_who, headers) => {
  const landing = await app.inject({ url: "/", headers });
  expect(landing.json()).toEqual({
    name: "sluice",
    version: expect.any(String),
    links: {
      console: "/console",
      documentation: "/docs/",
      reference: "/docs/api",
      upload: "/api/v2/files/upload",
      files: "/v1/files",
      openapi: "/openapi.json",
      health: "/health",
      metrics: "/metrics",
    },
  });
  expect(landing.headers.vary).toBe(vary);
  const missing = await app.inject({ url: "/nowhere", headers });
  expect([missing.statusCode, missing.json().reason, missing.headers.vary]).toEqual([404, "ROUTE_NOT_FOUND", vary]);
});

test("a browser that posts to nowhere gets JSON", async () => {
  const { statusCode, body } = await app.inject({ method: "POST", url: "/nowhere", headers: { accept: chrome } });
  expect([statusCode, JSON.parse(body).reason]).toEqual([404, "ROUTE_NOT_FOUND"]);
});

test("the page has no link to what needs a key", async () => {
  const { body } = await app.inject({ url: "/", headers: { accept: chrome } });
  expect(body).toContain("<dt>GET /metrics</dt>");
  expect(body).toContain('GET <a href="/health">/health</a>');
  expect(body).not.toContain("/_sluice/demo");
});
