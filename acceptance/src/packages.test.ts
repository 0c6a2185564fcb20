import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const singleFile = "node_modules/@sluice/client/dist/sluice-client.js";
const packages = ["protocol", "token", "grammar", "client", "auto-tagging", "server"] as const;

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The report of `npm pack` about one package. */
interface Packed {
  readonly name: string;
  readonly filename: string;
}

let folder: string;

// Packs each package as npm would publish it, and unpacks it where npm would install it. Its other dependencies come
// from this workspace, so that no registry is asked.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-packages-"));
  await run("npm", ["run", "build"], { cwd: root });
  const workspaces = packages.flatMap((name) => ["--workspace", `packages/${name}`]);
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder, ...workspaces], { cwd: root });
  const packed: readonly Packed[] = JSON.parse(stdout);
  const manifests = await Promise.all(packages.map((name, index) => install(name, packed[index])));
  const ours = new Set(manifests.map(({ name }) => name));
  const others = manifests
    .flatMap(({ dependencies }) => Object.keys(dependencies ?? {}))
    .filter((name) => !ours.has(name));
  for (const name of new Set([...others, "@types/node"])) await link(name);
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function install(name: string, packed: Packed | undefined): Promise<Manifest> {
  const source = join(root, "packages", name);
  const manifest: Manifest = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  if (packed?.name !== manifest.name) throw new Error(`npm has packed ${packed?.name} in place of ${manifest.name}`);
  const { filename } = packed;
  const target = join(folder, "node_modules", manifest.name);
  await mkdir(target, { recursive: true });
  await run("tar", [
    "--extract",
    "--gzip",
    "--file",
    join(folder, filename),
    "--strip-components=1",
    "--directory",
    target,
  ]);
  return manifest;
}

async function link(name: string): Promise<void> {
  const target = join(folder, "node_modules", name);
  await mkdir(dirname(target), { recursive: true });
  await symlink(join(root, "node_modules", name), target);
}

test.each([
  ["@sluice/protocol", ["SluiceError", "errorCatalogue"]],
  ["@sluice/protocol/schemas", ["FileObject", "UploadResponse", "operations", "webhookEvents"]],
  ["@sluice/token", ["createUploadToken", "uploadTokenHandler", "verifyUploadToken"]],
  ["@sluice/grammar", ["parseChecks", "parseTransformation"]],
  ["@sluice/client", ["UploadError", "UploadQueue", "upload"]],
  ["@sluice/client/element", ["SluiceUploader"]],
  ["@sluice/auto-tagging", ["ObjectTagger"]],
  ["sluice", ["createSluice"]],
])("%s, packed and installed into an empty folder, can be imported", async (name, names) => {
  const script = `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(name)}))))`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual(expect.arrayContaining(names));
});

test("the client's package is as publint and Are The Types Wrong want it, for ES modules alone", async () => {
  const name = (await readdir(folder)).find((file) => file.startsWith("sluice-client-")) ?? "";
  const tarball = new Uint8Array(await readFile(join(folder, name)));
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
  ]);
});

test("no package carries tests or sources that would not run from node_modules", async () => {
  const { stdout } = await run("find", [join(folder, "node_modules"), "-path", "*/dist/*", "-o", "-name", "*.test.*"], {
    cwd: folder,
  });
  const files = stdout.split("\n").filter((path) => !path.includes("/node_modules/@types/"));
  expect(files.filter((path) => path.includes(".test.") || path.includes("/testing/"))).toEqual([]);
});

test.each(packages)("%s declares every package that its files import", async (name) => {
  const manifest: Manifest = JSON.parse(await readFile(join(root, "packages", name, "package.json"), "utf8"));
  const declared = new Set([manifest.name, ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })]);
  const dist = join(folder, "node_modules", manifest.name, "dist");
  // The console's app is bundled, and shows programs of its users that import packages.
  const ours = (file: string) => /\.(?:js|d\.ts)$/.test(file) && !file.startsWith("pages/console/app/");
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
      if (sluice.url === "") throw new SluiceError("FILE_TOO_LARGE", { limit: 1 });
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

test("the installed command serves from its compiled files", async () => {
  const command = join(folder, "node_modules/sluice/bin/sluice.js");
  const child = spawn(process.execPath, [command, "serve", "--port", "0", "--data-dir", join(folder, "data")], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    let output = "";
    for await (const text of child.stdout) {
      output += text;
      if (/listening on\s+\S+\n/.test(output)) break;
    }
    const url = /listening on\s+(\S+)/.exec(output)?.[1];
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const client = await fetch(`${url}/_sluice/client.js`);
    expect(await client.text()).toBe(await readFile(join(folder, singleFile), "utf8"));
    // The addresses from which the client imports the files.
    for (const name of ["diagnose", "resumable"]) {
      expect((await fetch(new URL(`./client/${name}.js`, client.url))).status).toBe(200);
    }
    // The scripts of the API's reference, one of which is a copy of another package's.
    expect(await (await fetch(`${url}/docs/api/renderer.js`)).text()).toContain("createApiReference");
    expect(await (await fetch(`${url}/docs/api/start.js`)).text()).toContain("createApiReference");
  } finally {
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await exited;
  }
  expect(child.exitCode).toBe(0);
});
