import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RedirectToBlob } from "../../storage/blob-store.ts";
import { takeBuildLock } from "../../web/build/build-lock.ts";
import { KeptApp } from "../../web/build/kept-app.ts";
import type { AppPlaces } from "../../web/build/places.ts";
import { loadApp } from "../../web/console/load-app.ts";
import { consoleSources } from "../../web/console/places.ts";
import { addErrorHandling } from "../plugins/errors.ts";
import { addConsoleApp, type ConsoleAppDeps } from "./console.ts";

const script = `console.log(${JSON.stringify("x".repeat(2000))});`;
const page = `<!doctype html><script>scheme()</script><style>a{}</style>
<script type="module" src="/console/assets/index-1234.js"></script>`;

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

let folder: string;
let app: FastifyInstance | undefined;
let time: number;
beforeEach(async () => {
  time = 0;
  folder = await mkdtemp(join(tmpdir(), "sluice-console-"));
});
afterEach(async () => {
  await app?.close();
  await rm(folder, { recursive: true });
});

async function writeApp(at: string): Promise<void> {
  await mkdir(join(at, "assets/fonts"), { recursive: true });
  await writeFile(join(at, "index.html"), page);
  await writeFile(join(at, "assets/index-1234.js"), script);
  await writeFile(join(at, "assets/fonts/a-1234.woff2"), "font");
  await writeFile(join(at, "assets/notes.txt"), "not served");
  await writeFile(join(folder, "secret.js"), "secret");
}

function open(
  places: AppPlaces,
  { consoleOrigin, blobs = {} }: { consoleOrigin?: string; blobs?: ConsoleAppDeps["blobs"] } = {},
): FastifyInstance {
  app = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
  addErrorHandling(app);
  addConsoleApp(
    app,
    { blobs, config: { consoleOrigin }, publicUrl: () => "https://media.example" },
    new KeptApp(places, loadApp, () => time),
  );
  return app;
}

async function get(url: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await app?.inject({ url, headers: { host: "console.example:8443", ...headers } });
  if (answer === undefined) throw new Error("no app is open");
  return answer;
}

test("the page is answered at every path, with a policy that knows its own scripts and styles alone", async () => {
  const packaged = join(folder, "app");
  await writeApp(packaged);
  open({ packaged });
  const answers = await Promise.all(
    ["/console", "/console/", "/console/files/a.jpg", "/console/%3Cscript%3E"].map((url) => get(url)),
  );
  for (const { statusCode, headers, body } of answers) {
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(body).toBe(page);
    expect(headers["content-security-policy"]).toBe(
      [
        "default-src 'none'",
        `script-src console.example:8443/console/assets/ ${hashOf("scheme()")}`,
        `style-src console.example:8443/console/assets/ ${hashOf("a{}")}`,
        "font-src console.example:8443/console/assets/",
        "connect-src 'self' https://media.example",
        "img-src 'self' data: blob: https://media.example",
        "media-src 'self' blob: https://media.example",
        "worker-src console.example:8443/console/assets/ blob:",
        "frame-src 'self' https://media.example",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ].join("; "),
    );
  }
});

test("the policy lets media be redirected to the bucket, once an address there can be signed", async () => {
  const packaged = join(folder, "app");
  await writeApp(packaged);
  const redirect = vi
    .fn<RedirectToBlob>()
    .mockRejectedValueOnce(new Error("no credentials"))
    .mockResolvedValue("https://bucket.s3.example:9000/blobs/00?X-Amz-Signature=1");
  open({ packaged }, { blobs: { redirect } });
  const policyOf = async () => String((await get("/console")).headers["content-security-policy"]).split("; ");
  expect(await policyOf()).toContain("media-src 'self' blob: https://media.example");
  for (const time of ["at first", "later"]) {
    const policy = await policyOf();
    expect(policy, time).toContain("img-src 'self' data: blob: https://media.example https://bucket.s3.example:9000");
    expect(policy, time).toContain("media-src 'self' blob: https://media.example https://bucket.s3.example:9000");
    expect(policy, time).toContain("connect-src 'self' https://media.example");
    expect(policy, time).toContain("frame-src 'self' https://media.example");
  }
  expect(redirect).toHaveBeenCalledTimes(2);
});

test("a Host header says nothing in the policy but a host", async () => {
  const packaged = join(folder, "app");
  await writeApp(packaged);
  open({ packaged });
  for (const host of ["evil.example; script-src *", "a b", "evil.example,b", "'unsafe-inline'", "*", "[::1]:3000"]) {
    const { headers } = await get("/console", { host });
    expect(headers["content-security-policy"]).toContain(
      `; script-src 'self' ${hashOf("scheme()")}; style-src 'self' `,
    );
  }
});

test("assets are kept by browsers for good, and sent in the coding that the browser takes", async () => {
  const packaged = join(folder, "app");
  await writeApp(packaged);
  open({ packaged });
  const url = "/console/assets/index-1234.js";
  const decoders = { br: brotliDecompressSync, gzip: gunzipSync } as const;
  for (const [accepted, coding] of [
    ["gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["gzip, br;q=0", "gzip"],
    ["br;q=0.5", "br"],
    ["br;q=0.5, gzip", "gzip"],
    ["identity", undefined],
  ] as const) {
    const { headers, rawPayload } = await get(url, { "accept-encoding": accepted });
    expect([accepted, headers["content-encoding"]]).toEqual([accepted, coding]);
    expect((coding === undefined ? rawPayload : decoders[coding](rawPayload)).toString()).toBe(script);
    expect(headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "text/javascript; charset=utf-8",
      vary: "Accept-Encoding",
      "x-content-type-options": "nosniff",
    });
  }
  const font = await get("/console/assets/fonts/a-1234.woff2", { "accept-encoding": "br" });
  expect([font.headers["content-type"], font.headers["content-encoding"], font.body]).toEqual([
    "font/woff2",
    undefined,
    "font",
  ]);
});

test.each([
  "/console/assets/other.js",
  "/console/assets/notes.txt",
  "/console/assets/..%2f..%2fsecret.js",
  "/console/assets/%2e%2e/%2e%2e/secret.js",
])("%s is no file of the app", async (url) => {
  const packaged = join(folder, "app");
  await writeApp(packaged);
  open({ packaged });
  const { statusCode, body } = await get(url);
  expect(body).not.toContain("secret");
  expect(statusCode).toBe(404);
});

test("while there is no build a page says so, and shows the console once it is there", async () => {
  const workspace = join(folder, "packages/console");
  const cache = join(folder, "cache");
  open({ sources: consoleSources(workspace), cache });
  const absent = await get("/console");
  expect([absent.statusCode, absent.body]).toEqual([503, expect.stringContaining("The console isn't installed")]);
  time += 2000;
  await mkdir(cache, { recursive: true });
  await mkdir(workspace, { recursive: true });
  await writeFile(join(workspace, "package.json"), "{}");
  expect((await get("/console")).body).toContain("The console isn't built yet");
  const giveBack = await takeBuildLock(cache);
  // The sources are not read again for each request.
  time += 1999;
  expect((await get("/console")).body).toContain("The console isn't built yet");
  time += 1;
  const building = await get("/console/files");
  expect(building.body).toContain("Building the console");
  expect(building.body).toContain("location.reload()");
  expect(building.headers["content-security-policy"]).toMatch(/script-src 'sha256-/);
  expect((await get("/console/assets/index-1234.js")).statusCode).toBe(404);
  giveBack?.();
  time += 2000;
  await writeApp(join(workspace, "dist"));
  expect((await get("/console")).statusCode).toBe(200);
  await writeFile(join(workspace, "dist/index.html"), "another build");
  await utimes(join(workspace, "dist/index.html"), 1, 1);
  expect((await get("/console")).body).toBe("another build");
});

test("with an origin of its own, every other host leads to the console there", async () => {
  const packaged = join(folder, "app");
  await writeApp(packaged);
  open({ packaged }, { consoleOrigin: "https://console.example:8443" });
  expect((await get("/console")).statusCode).toBe(200);
  for (const host of ["media.example", "console.example", "console.example:8443.evil.example"]) {
    const { statusCode, headers } = await get("/console/files?q=%0d%0a", { host });
    expect([statusCode, headers.location]).toEqual([302, "https://console.example:8443/console/files?q=%0d%0a"]);
  }
});
