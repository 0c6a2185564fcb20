import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packAll, type Tarball } from "../../scripts/release/pack.ts";
import { root } from "../../scripts/release/packages.ts";
import { installedBytes, total } from "../../scripts/release/sizes.ts";
import { launchBrowser } from "./harness/browser.ts";
import { runProgram } from "./harness/command.ts";
import { type FreshApp, installFreshApp } from "./harness/fresh-app.ts";
import { launch } from "./harness/launch.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadWithToken } from "./harness/upload.ts";

// Installs from the registry, as users do, what the tests of the packages link from this checkout. It tells the sizes and
// times of docs/installing.md.

const run = promisify(execFile);

let folder: string;
let tarballs: readonly Tarball[];
const tarballsOf = (...names: string[]) => tarballs.filter(({ name }) => names.includes(name)).map(({ file }) => file);
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-tarballs-"));
  await run("npm", ["run", "build"], { cwd: root });
  tarballs = await packAll(folder);
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function inFreshApp(packages: readonly string[], use: (app: FreshApp) => Promise<void>): Promise<void> {
  const app = await installFreshApp(packages);
  try {
    await use(app);
  } finally {
    await app.remove();
  }
}

const tell = (line: string) => process.stdout.write(`${line}\n`);

const optional = ["auto-tagging", "pages", "fonts", "video"];
const platform = `${process.platform}-${process.arch}`;

describe("the server's tarball", () => {
  test(
    "installs in a folder, and starts within 10 s",
    () =>
      inFreshApp(tarballsOf("sluice"), async (app) => {
        const sizes = await installedBytes(join(app.folder, "node_modules/sluice"));
        for (const start of ["first", "second"]) {
          const before = performance.now();
          const command = join(app.folder, "node_modules/.bin/sluice");
          const server = await launch(command, [], { cwd: app.folder, environment: { SLUICE_PORT: "0" } });
          const startMs = performance.now() - before;
          server.process.kill();
          expect([await server.exited, startMs < 10_000]).toEqual([0, true]);
          tell(`server: the ${start} start took ${seconds(startMs)}`);
        }
        tell(`server: ${sizes.size} packages, ${megabytes(total(sizes))}, installed in ${seconds(app.installMs)}`);
      }),
    300_000,
  );

  test("runs by npx from an empty folder, with nothing else at hand", async () => {
    const empty = await mkdtemp(join(folder, "empty-"));
    const cache = await mkdtemp(join(folder, "cache-"));
    const before = performance.now();
    const environment = { SLUICE_PORT: "0", npm_config_cache: cache };
    const [tarball = ""] = tarballsOf("sluice");
    const server = await launch("npx", ["--yes", `file:${tarball}`], { cwd: empty, environment, inGroup: true });
    tell(`npx: ${seconds(performance.now() - before)} with an empty cache of npm`);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect(await readdir(empty)).toEqual(["data"]);
    process.kill(-(server.process.pid ?? 0));
    await server.exited;
    await expect.poll(() => fetch(`${server.url}/health`).catch(() => "gone")).toBe("gone");
  }, 300_000);

  test(
    "finds the optional packages where they are installed as well",
    () =>
      inFreshApp(tarballsOf("sluice", ...optional.map((name) => `@sluice/${name}`)), async (app) => {
        for (const name of optional) {
          const added = await installedBytes(join(app.folder, "node_modules/@sluice", name));
          tell(`${name}: ${megabytes(total(added))} more`);
        }
        const command = join(app.folder, "node_modules/.bin/sluice");
        const environment = { SLUICE_PORT: "0", SLUICE_AUTO_TAGGING: "true" };
        const server = await launch(command, ["serve"], { cwd: app.folder, environment });
        server.process.kill();
        expect(await server.exited).toBe(0);
      }),
    300_000,
  );

  test(
    "says on Node 20 in one line what to install",
    () =>
      inFreshApp([...tarballsOf("sluice"), `node-${platform}@20`], async (app) => {
        const node = join(app.folder, `node_modules/node-${platform}/bin/node`);
        const command = join(app.folder, "node_modules/sluice/bin/sluice.js");
        const { code, stderr } = await runProgram(node, [command], { cwd: app.folder });
        expect(code).toBe(2);
        expect(stderr).toMatch(/^sluice: Node 24 is needed, this is 20\.[^\n]+; install Node 24 and try again\n$/);
      }),
    300_000,
  );
});

/** A token route as a standard fetch handler, which each runtime serves in its own way. */
const route = `
  import { uploadTokenHandler } from "@sluice/token";
  export const uploadToken = (publicKey, privateKey) => uploadTokenHandler({
    keys: { publicKey, privateKey },
    authorize: () => "anna",
    policy: { allow: ["fileName"], maxLifetime: 300 },
  });`;

interface Backend {
  readonly packages: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly build?: readonly string[];
  readonly serve: readonly [string, ...string[]];
}

const fromProcess = "uploadToken(process.env.PUBLIC_KEY, process.env.PRIVATE_KEY)";
const backends: Readonly<Record<string, Backend>> = {
  Express: {
    packages: ["express"],
    files: {
      "app.js": `
        import { toNodeListener } from "@sluice/token";
        import express from "express";
        import { uploadToken } from "./route.js";
        express().all("/upload-token", toNodeListener(${fromProcess})).listen(process.env.PORT);`,
    },
    serve: [process.execPath, "app.js"],
  },
  Hono: {
    packages: ["hono", "@hono/node-server"],
    files: {
      "app.js": `
        import { serve } from "@hono/node-server";
        import { Hono } from "hono";
        import { uploadToken } from "./route.js";
        const handler = ${fromProcess};
        const app = new Hono().all("/upload-token", (context) => handler(context.req.raw));
        serve({ fetch: app.fetch, port: Number(process.env.PORT) });`,
    },
    serve: [process.execPath, "app.js"],
  },
  "Next.js": {
    packages: ["next", "react", "react-dom"],
    files: {
      "app/layout.js": "export default ({ children }) => <html lang='en'><body>{children}</body></html>;",
      "app/page.js": `"use client";
        import { UploadQueue } from "@sluice/client";
        export default () => <button onClick={() => new UploadQueue({ getToken: "/upload-token" })}>Upload</button>;`,
      "app/upload-token/route.js": `import { uploadToken } from "../../route.js"; export const POST = ${fromProcess};`,
    },
    build: ["node_modules/.bin/next", "build"],
    serve: ["node_modules/.bin/next", "start", "--hostname", "127.0.0.1"],
  },
  Bun: {
    packages: ["bun"],
    files: {
      "app.js": `
        import { uploadToken } from "./route.js";
        Bun.serve({ port: Number(process.env.PORT), hostname: "127.0.0.1", fetch: ${fromProcess} });`,
    },
    serve: ["node_modules/.bin/bun", "app.js"],
  },
  Deno: {
    packages: ["deno"],
    files: {
      "app.js": `
        import { uploadToken } from "./route.js";
        const env = (name) => Deno.env.get(name);
        Deno.serve({ port: Number(env("PORT")), hostname: "127.0.0.1" }, uploadToken(env("PUBLIC_KEY"), env("PRIVATE_KEY")));`,
    },
    serve: ["node_modules/.bin/deno", "run", "--allow-env", "--allow-net", "--allow-read", "--no-remote", "app.js"],
  },
  workerd: {
    packages: ["miniflare", "vite"],
    files: {
      // A worker has no packages at hand when it runs.
      "vite.config.js": "export default { ssr: { noExternal: true, target: 'webworker' } };",
      "worker.js": `
        import { uploadToken } from "./route.js";
        export default { fetch: (request, env) => uploadToken(env.PUBLIC_KEY, env.PRIVATE_KEY)(request) };`,
      "app.js": `
        import { Miniflare } from "miniflare";
        const { PORT, PUBLIC_KEY, PRIVATE_KEY } = process.env;
        const worker = { modules: true, scriptPath: "dist/worker.js", compatibilityDate: "2026-01-01" };
        await new Miniflare({ ...worker, port: Number(PORT), bindings: { PUBLIC_KEY, PRIVATE_KEY } }).ready;`,
    },
    build: ["node_modules/.bin/vite", "build", "--ssr", "worker.js"],
    serve: [process.execPath, "app.js"],
  },
};

describe("the packages for apps, installed into a new one", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  async function askToken(url: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const body = JSON.stringify({ uploadPayload: fields });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/upload-token`, { method: "POST", headers, body });
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { token: string }).token;
  }

  test.each(Object.entries(backends))(
    "%s signs tokens by the token's package",
    async (name, backend) => {
      const ours = tarballsOf("@sluice/protocol", "@sluice/token", "@sluice/client");
      await inFreshApp([...ours, ...backend.packages], async (app) => {
        for (const [file, content] of Object.entries({ "route.js": route, ...backend.files }))
          await app.write(file, content);
        const [builder, ...args] = backend.build ?? [];
        if (builder !== undefined) await app.run(builder, ...args);
        const served = await app.serve(...backend.serve);
        try {
          const fields = { fileName: `${name}.txt` };
          expect((await uploadWithToken(server.url, "text", fields, await askToken(served.url, fields))).status).toBe(
            200,
          );
        } finally {
          await served.stop();
        }
        tell(`${name}: installed in ${seconds(app.installMs)}`);
      });
    },
    600_000,
  );

  test("a page of Vite uploads by the client's package", async () => {
    await inFreshApp([...tarballsOf("@sluice/protocol", "@sluice/token", "@sluice/client"), "vite"], async (app) => {
      await app.write("route.js", route);
      await app.write(
        "index.html",
        '<!doctype html><title>Upload</title><script type="module" src="/page.js"></script>',
      );
      await app.write(
        "page.js",
        `import { upload } from "@sluice/client";
        const { name } = await upload({
          file: new File(["from a page"], "page.txt"), fileName: "page.txt",
          endpoint: ${JSON.stringify(server.url)}, getToken: "/upload-token",
        });
        document.title = name;`,
      );
      await app.write(
        "vite.config.js",
        `import { toNodeListener } from "@sluice/token";
        import { uploadToken } from "./route.js";
        const handler = toNodeListener(${fromProcess});
        const configurePreviewServer = ({ middlewares }) => void middlewares.use("/upload-token", handler);
        export default { plugins: [{ name: "upload-token", configurePreviewServer }] };`,
      );
      await app.run("node_modules/.bin/vite", "build");
      const served = await app.serve("sh", "-c", 'exec node_modules/.bin/vite preview --host 127.0.0.1 --port "$PORT"');
      const browser = await launchBrowser();
      try {
        const page = await browser.newPage();
        await page.goto(served.url);
        await expect.poll(() => page.title()).toMatch(/^page_.+\.txt$/);
      } finally {
        await browser.close();
        await served.stop();
      }
      tell(`Vite: installed in ${seconds(app.installMs)}`);
    });
  }, 600_000);
});
