import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KeptApp } from "../../web/build/kept-app.ts";
import { loadSite } from "../../web/documentation/load-site.ts";
import { addErrorHandling } from "../plugins/errors.ts";
import { documentationRoutes } from "./documentation.ts";

let folder: string;
let app: FastifyInstance;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-docs-"));
  app = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
  addErrorHandling(app);
  await app.register(documentationRoutes(new KeptApp({ packaged: join(folder, "site") }, loadSite)));
});
afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

async function writeSite(): Promise<void> {
  await mkdir(join(folder, "site/assets"), { recursive: true });
  await mkdir(join(folder, "site/operate"));
  await writeFile(join(folder, "site/index.html"), "start");
  await writeFile(join(folder, "site/errors.html"), "errors".repeat(500));
  await writeFile(join(folder, "site/operate/docker.html"), "docker");
  await writeFile(join(folder, "site/assets/site.1234.js"), "run()");
  await writeFile(join(folder, "secret.html"), "secret");
}

const get = (url: string, headers = {}) => app.inject({ url, headers: { host: "media.example:8443", ...headers } });

test("each page has one address, with a policy that takes the site's own files alone", async () => {
  await writeSite();
  for (const [url, text] of [
    ["/docs/", "start"],
    ["/docs/errors?q=1", "errors"],
    ["/docs/operate/docker", "docker"],
  ] as const) {
    const { statusCode, body, headers } = await get(url);
    expect([url, statusCode, body.slice(0, 6)]).toEqual([url, 200, text.slice(0, 6)]);
    const assets = "media.example:8443/docs/assets/";
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; script-src ${assets}; style-src ${assets}; img-src ${assets}; connect-src ${assets}; ` +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
  }
  for (const [url, right] of [
    ["/docs", "/docs/"],
    ["/docs/errors/", "/docs/errors"],
  ]) {
    const { statusCode, headers } = await get(url ?? "");
    expect([url, statusCode, headers.location]).toEqual([url, 301, right]);
  }
});

test("a Host header says nothing in the policy but a host", async () => {
  await writeSite();
  for (const host of ["evil.example; script-src *", "*", "[::1]:3000"]) {
    expect((await get("/docs/", { host })).headers["content-security-policy"]).toContain("; script-src 'self'; ");
  }
});

test("pages are asked for again, and the files that they load are not", async () => {
  await writeSite();
  const { headers, rawPayload } = await get("/docs/errors", { "accept-encoding": "gzip" });
  expect(headers).toMatchObject({ "cache-control": "no-cache", "content-encoding": "gzip", vary: "Accept-Encoding" });
  expect(gunzipSync(rawPayload).toString()).toBe("errors".repeat(500));
  expect((await get("/docs/errors", { "if-none-match": headers.etag })).statusCode).toBe(304);
  const asset = await get("/docs/assets/site.1234.js");
  expect([asset.body, asset.headers["cache-control"]]).toEqual(["run()", "public, max-age=31536000, immutable"]);
});

test.each(["/docs/no-such-page", "/docs/assets/other.js", "/docs/..%2fsecret", "/docs/index", "/docs/errors.html"])(
  "%s is no page",
  async (url) => {
    await writeSite();
    const { statusCode, body } = await get(url);
    expect([statusCode, JSON.parse(body).reason]).toEqual([404, "ROUTE_NOT_FOUND"]);
  },
);

test("a browser gets a page that leads on from an address without one, and where there is no site", async () => {
  const absent = await get("/docs/");
  expect([absent.statusCode, absent.body]).toEqual([503, expect.stringContaining("The documentation isn't installed")]);
  await writeSite();
  await expect.poll(async () => (await get("/docs/")).statusCode, { timeout: 5000 }).toBe(200);
  const missing = await get("/docs/nothing", { accept: "text/html" });
  expect([missing.statusCode, missing.body]).toEqual([404, expect.stringContaining('href="/docs/"')]);
});
