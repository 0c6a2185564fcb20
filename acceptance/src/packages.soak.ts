import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { build } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packAll, type Tarball, unpack } from "../../scripts/release/pack.ts";
import { publishedPackages, readManifest, root } from "../../scripts/release/packages.ts";
import { installedBytes, total } from "../../scripts/release/sizes.ts";
import { launch } from "./harness/launch.ts";
import { keys } from "./harness/server.ts";
import { uploadWithToken } from "./harness/upload.ts";

const run = promisify(execFile);
const singleFile = "node_modules/@sluice/client/dist/sluice-client.js";
const packages = publishedPackages().map(({ manifest }) => manifest.name);

let folder: string;
let tarballs: readonly Tarball[];

// Packs each package as a registry gets it, and unpacks it where npm would install it. Its other dependencies come from
// this workspace, so that no registry is asked.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-packages-"));
  await run("npm", ["run", "build"], { cwd: root });
  tarballs = await packAll(folder);
  const others = new Set(["@types/node"]);
  for (const { name, file } of tarballs) {
    await unpack(file, placeOf(name));
    for (const other of Object.keys(readManifest(placeOf(name)).dependencies ?? {})) others.add(other);
  }
  for (const name of others) if (!packages.includes(name)) await link(name);
}, 240_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function placeOf(name: string): string {
  return join(folder, "node_modules", name);
}

function tarballOf(name: string): string {
  return tarballs.find((tarball) => tarball.name === name)?.file ?? "";
}

async function link(name: string): Promise<void> {
  await mkdir(dirname(placeOf(name)), { recursive: true });
  await symlink(join(root, "node_modules", name), placeOf(name));
}

test.each([
  ["@sluice/protocol", ["SluiceError", "errorCatalogue"]],
  ["@sluice/protocol/schemas", ["FileObject", "UploadResponse", "operations", "webhookEvents"]],
  ["@sluice/token", ["createUploadToken", "uploadTokenHandler", "verifyUploadToken"]],
  ["@sluice/grammar", ["parseChecks", "parseTransformation"]],
  ["@sluice/client", ["UploadError", "UploadQueue", "upload"]],
  ["@sluice/client/element", ["SluiceUploader"]],
  ["@sluice/auto-tagging", ["PictureDetector"]],
  ["@sluice/pages", ["pageThread"]],
  ["@sluice/video", ["videoProgram", "unsupportedCode"]],
  ["@sluice/fonts", ["findFamily", "fontConfiguration"]],
  ["sluice", ["createSluice"]],
])("%s, packed and installed into an empty folder, can be imported", async (name, names) => {
  const script = `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(name)}))))`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual(expect.arrayContaining(names));
});

test("the client's package is as publint and Are The Types Wrong want it, for ES modules alone", async () => {
  const tarball = new Uint8Array(await readFile(tarballOf("@sluice/client")));
  expect((await publint({ pack: { tarball: tarball.buffer } })).messages).toEqual([]);
  const checked = await checkPackage(createPackageFromTarballData(tarball));
  if (!checked.types) throw new Error("it has no types");
  // The problems under these two resolutions only say that the package has no CommonJS.
  const modern = checked.problems.filter(
    (problem) => !("resolutionKind" in problem && ["node10", "node16-cjs"].includes(problem.resolutionKind)),
  );
  expect(modern).toEqual([]);
});

test("the client's single file imports nothing but resumable uploads and what it says to a page's developer", async () => {
  const code = await readFile(join(folder, singleFile), "utf8");
  const imports = code.match(/\bimport\b(?!\.meta)[^)]*\)/g);
  expect(imports?.sort()).toEqual(["import(`./client/diagnose.js`)", "import(`./client/resumable.js`)"]);
  for (const name of ["diagnose", "resumable"]) await import(join(folder, dirname(singleFile), `client/${name}.js`));
  const script = `console.log(Object.keys(await import("@sluice/client/sluice-client.js")).sort().join())`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder });
  expect(stdout.trim()).toBe("SluiceUploader,UploadError,UploadQueue,upload");
});

test("the protocol's main entry loads neither its schemas nor a package", async () => {
  const dist = join(folder, "node_modules/@sluice/protocol/dist");
  const loaded = ["index.js"];
  for (const file of loaded) {
    const code = await readFile(join(dist, file), "utf8");
    for (const [, name = ""] of code.matchAll(/\bfrom "([^"]+)"/g)) loaded.push(name.replace(/^\.\//, ""));
  }
  expect([...new Set(loaded)].sort()).toEqual([
    "error-catalogue.js",
    "index.js",
    "preview-sides.js",
    "sluice-error.js",
    "trash-search.js",
  ]);
});

test("the server's package carries those of our packages that it needs, so that it installs alone", async () => {
  const { dependencies, bundleDependencies } = readManifest(placeOf("sluice"));
  const needed = Object.keys(dependencies ?? {}).filter((name) => packages.includes(name));
  expect(bundleDependencies?.toSorted()).toEqual(needed);
  expect((await readdir(join(placeOf("sluice"), "node_modules/@sluice"))).sort()).toEqual(
    needed.map((name) => name.split("/")[1]),
  );
});

test("a production install of the server stays small", async () => {
  const sizes = await installedBytes(placeOf("sluice"));
  const largest = [...sizes].slice(0, 10).map(([name, bytes]) => `${name}: ${Math.round(bytes / 1e5) / 10} MB`);
  // docs/installing.md tells the measured size, 128 MB. What would come near 250 MB becomes an optional package.
  expect(total(sizes), largest.join("\n")).toBeLessThan(150e6);
  expect([...sizes.keys()].filter((name) => /redis|tfjs|vladmandic/.test(name))).toEqual([]);
});

test("each package carries its licence", async () => {
  const licence = await readFile(join(root, "LICENSE"), "utf8");
  for (const name of packages) expect(await readFile(join(placeOf(name), "LICENSE"), "utf8"), name).toBe(licence);
});

test("no package carries tests or sources that would not run from node_modules", async () => {
  const { stdout } = await run("find", [join(folder, "node_modules"), "-path", "*/dist/*", "-o", "-name", "*.test.*"], {
    cwd: folder,
  });
  const files = stdout.split("\n").filter((path) => !path.includes("/node_modules/@types/"));
  expect(files.filter((path) => path.includes(".test.") || path.includes("/testing/"))).toEqual([]);
});

test.each(packages)("%s declares every package that its files import", async (name) => {
  const manifest = readManifest(placeOf(name));
  const declared = new Set([manifest.name, ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })]);
  const dist = join(placeOf(name), "dist");
  // The console's app is bundled, and shows programs of its users that import packages.
  const ours = (file: string) => /\.(?:js|d\.ts)$/.test(file) && !file.startsWith("web/console/app/");
  const files = (await readdir(dist, { recursive: true })).filter(ours);
  const imported = await Promise.all(files.map(async (file) => packagesIn(await readFile(join(dist, file), "utf8"))));
  expect([...new Set(imported.flat())].filter((other) => !declared.has(other))).toEqual([]);
});

/** The packages that a module imports, without Node's own modules. */
function packagesIn(code: string): string[] {
  const statements =
    /^(?:import|export)\b[^"'`;]*?\bfrom "([^".][^"]*)"|^import "([^".][^"]*)"|\bimport\("([^".][^"]*)"\)/gm;
  return [...code.matchAll(statements)]
    .map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? "")
    .filter((name) => !name.startsWith("node:"))
    .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
}

test("the packages' types hold for a strict program that uses them", async () => {
  const program = `
    import { createSluice, type Sluice } from "sluice";
    import { createUploadToken } from "@sluice/token";
    import { SluiceError } from "@sluice/protocol";
    import type { FileObject, WebhookEvents } from "@sluice/protocol/schemas";
    export function nameOf(told: WebhookEvents["file.created"]): FileObject["name"] {
      return told.data.name;
    }
    export async function use(): Promise<string> {
      const sluice: Sluice = await createSluice({ port: 0, plan: "free" });
      if (sluice.url === "") throw new SluiceError("FILE_TOO_LARGE", { limit: 1, setBy: "a plan" });
      return createUploadToken({ fileName: "a.txt", tags: ["x"] }, { ...sluice.keys, expiresIn: 60 });
    }`;
  await writeFile(join(folder, "program.ts"), program);
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    module: "NodeNext",
    target: "ES2024",
    noEmit: true,
  };
  const config = { compilerOptions: { ...options, skipLibCheck: true, types: ["node"] }, files: ["program.ts"] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await run(join(root, "node_modules/.bin/tsc"), ["--project", folder], { cwd: folder });
});

const command = () => join(placeOf("sluice"), "bin/sluice.js");

test("the packed command alone serves from an empty folder within 10 s, with console, client and reference", async () => {
  const empty = await mkdtemp(join(folder, "empty-"));
  const before = performance.now();
  const server = await launch(process.execPath, [command()], { cwd: empty, environment: { SLUICE_PORT: "0" } });
  const { url } = server;
  try {
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(await readdir(empty)).toEqual(["data"]);
    const page = await (await fetch(`${url}/console`)).text();
    const [script = ""] = /(?<=<script[^>]* src=")[^"]+/.exec(page) ?? [];
    expect((await fetch(new URL(script, `${url}/console/`))).headers.get("content-type")).toContain("javascript");
    const client = await fetch(`${url}/_sluice/client.js`);
    expect(await client.text()).toBe(await readFile(join(folder, singleFile), "utf8"));
    // The addresses from which the client imports the files.
    for (const name of ["diagnose", "resumable"]) {
      expect((await fetch(new URL(`./client/${name}.js`, client.url))).status).toBe(200);
    }
    // The scripts of the API's reference, one of which is a copy of another package's.
    expect(await (await fetch(`${url}/docs/api/renderer.js`)).text()).toContain("createApiReference");
    expect(await (await fetch(`${url}/docs/api/start.js`)).text()).toContain("createApiReference");
    // The part of the protocol's implementation that the build puts into the package.
    const resumable = await fetch(`${url}/_sluice/resumable`, { method: "OPTIONS" });
    expect(resumable.headers.get("tus-version")).toBe("1.0.0");
  } finally {
    server.process.kill("SIGTERM");
  }
  expect(await server.exited).toBe(0);
});

/** Token routes in the frameworks that the README of `@sluice/token` names, each on a port of its own. */
const backends = `
  import { createServer } from "node:http";
  import { serve } from "@hono/node-server";
  import { toFastifyHandler, toNodeListener, uploadTokenHandler } from "@sluice/token";
  import express from "express";
  import Fastify from "fastify";
  import { Hono } from "hono";
  const uploadToken = uploadTokenHandler({
    keys: { publicKey: process.env.SLUICE_PUBLIC_KEY, privateKey: process.env.SLUICE_PRIVATE_KEY },
    authorize: () => "anna",
    policy: { allow: ["fileName"], maxLifetime: 300 },
  });
  const listen = (server) => new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
  const fastify = Fastify();
  fastify.all("/upload-token", toFastifyHandler(uploadToken));
  const hono = new Hono();
  hono.all("/upload-token", (context) => uploadToken(context.req.raw));
  const ports = {
    "node:http": await listen(createServer(toNodeListener(uploadToken))),
    Express: await listen(createServer(express().all("/upload-token", toNodeListener(uploadToken)))),
    Fastify: new URL(await fastify.listen({ port: 0 })).port,
    Hono: await new Promise((done) => serve({ fetch: hono.fetch, port: 0 }, ({ port }) => done(port))),
  };
  console.log(JSON.stringify(ports));`;

test("token routes in each framework sign with the packed packages what the packed server takes", async () => {
  for (const name of ["express", "hono", "@hono/node-server"]) await link(name);
  const environment = { SLUICE_PORT: "0", SLUICE_PUBLIC_KEY: keys.publicKey, SLUICE_PRIVATE_KEY: keys.privateKey };
  const cwd = await mkdtemp(join(folder, "served-"));
  const server = await launch(process.execPath, [command()], { cwd, environment });
  await writeFile(join(folder, "backends.mjs"), backends);
  const env = { ...process.env, ...environment };
  const routes = spawn(process.execPath, ["backends.mjs"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [ports] = await once(routes.stdout.setEncoding("utf8"), "data");
    for (const [framework, port] of Object.entries(JSON.parse(ports))) {
      const fields = { fileName: `${framework}.txt` };
      const body = JSON.stringify({ uploadPayload: fields });
      const answer = await fetch(`http://127.0.0.1:${port}/upload-token`, { method: "POST", body });
      const { token } = await answer.json();
      expect((await uploadWithToken(server.url, "text", fields, token)).status, framework).toBe(200);
    }
  } finally {
    routes.kill();
    server.process.kill("SIGTERM");
    await server.exited;
  }
});

test("a bundler finds the client's packed files and the element's", async () => {
  await writeFile(join(folder, "page.js"), 'import "@sluice/client/element"; export { upload } from "@sluice/client";');
  const { output } = await build({ input: join(folder, "page.js"), platform: "browser", write: false });
  expect(output[0].exports).toEqual(["upload"]);
  expect(output[0].code).toContain("sluice-uploader");
  expect(output[0].imports).toEqual([]);
});

test("the packed command says in one line on Node 20 what to install", async () => {
  const older = join(folder, "older.mjs");
  await writeFile(older, 'Object.defineProperty(process.versions, "node", { value: "20.19.0" });');
  // An app may have an older Node of its own from npm.
  const own = placeOf(`node-${process.platform}-${process.arch}`);
  await mkdir(own, { recursive: true });
  await writeFile(join(own, "package.json"), JSON.stringify({ version: "20.19.0" }));
  const answer = await run(process.execPath, ["--import", older, command()], { cwd: folder }).catch((error) => error);
  expect(answer).toMatchObject({
    code: 2,
    stderr: "sluice: Node 24 is needed, this is 20.19.0; install Node 24 and try again\n",
  });
});
