import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { readPages } from "../site/pages.ts";
import { dependenciesOf, type Manifest, type Package, publishedPackages, readManifest, root } from "./packages.ts";
import { selfContained } from "./readme.ts";

const run = promisify(execFile);

/** The package with the command, which carries those of our packages that it depends on. */
const whole = "sluice";

export interface Tarball {
  readonly name: string;
  readonly file: string;
}

/**
 * Packs every published package, from what `npm run build` has made, in the order of publishing. These are the files that a
 * registry gets. The server's has our other packages inside, so that it installs alone: `npx ./sluice-0.1.0.tgz`. The
 * READMEs need no file beside them.
 */
export async function packAll(destination: string, repository = root): Promise<readonly Tarball[]> {
  const folder = resolve(destination);
  await mkdir(folder, { recursive: true });
  const packages = publishedPackages(repository);
  const workspaces = packages.flatMap((one) => ["--workspace", one.folder]);
  const packed = await npmPack(repository, folder, workspaces);
  const tarballs = packages.map(({ manifest: { name } }) => {
    const file = packed.find((one) => one.name === name)?.file;
    if (file === undefined) throw new Error(`npm has not packed ${name}`);
    return { name, file };
  });
  for (const [index, { file }] of tarballs.entries()) {
    await packWithReadme(file, packages[index]?.folder ?? "", repository);
  }
  await packWhole(packages, tarballs, folder);
  return tarballs;
}

/** Packs a tarball once more, with a README that can be read on a registry's page. */
async function packWithReadme(tarball: string, folder: string, repository: string): Promise<void> {
  const text = await readFile(join(repository, folder, "README.md"), "utf8").catch(() => undefined);
  if (text === undefined) return;
  const readme = selfContained(text, folder, readPages(repository));
  if (readme === text) return;
  const stage = await mkdtemp(join(tmpdir(), "sluice-pack-"));
  try {
    await unpack(tarball, stage);
    await writeFile(join(stage, "README.md"), readme);
    await npmPack(stage, dirname(tarball), []);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Packs the server once more, together with those of our packages that it depends on. */
async function packWhole(packages: readonly Package[], tarballs: readonly Tarball[], folder: string): Promise<void> {
  const stage = await mkdtemp(join(tmpdir(), "sluice-pack-"));
  try {
    const fileOf = (name: string): string => tarballs.find((one) => one.name === name)?.file ?? "";
    await unpack(fileOf(whole), stage);
    const own = readManifest(stage);
    const inside = packages.filter(({ manifest }) => Object.hasOwn(own.dependencies ?? {}, manifest.name));
    for (const { manifest } of inside) {
      await unpack(fileOf(manifest.name), join(stage, "node_modules", manifest.name));
    }
    const manifest = carrying(own, inside);
    await writeFile(join(stage, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
    await npmPack(stage, folder, []);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/**
 * Returns the manifest of a package that carries others. npm installs no dependencies for packages that are carried, so
 * those become dependencies of the package itself.
 */
export function carrying(own: Manifest, inside: readonly Package[]): Manifest {
  const names = inside.map(({ manifest }) => manifest.name);
  const dependencies: Record<string, string> = { ...own.dependencies };
  for (const { manifest } of inside) {
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      const before = dependencies[name];
      if (before !== undefined && before !== range) throw new Error(`${name} is wanted as ${before} and as ${range}`);
      dependencies[name] = range;
    }
  }
  const missing = inside.flatMap(({ manifest }) =>
    dependenciesOf(manifest).filter((name) => dependencies[name] === undefined),
  );
  if (missing.length > 0) throw new Error(`${missing.join(", ")} can't be carried: they are optional`);
  const sorted = Object.fromEntries(Object.entries(dependencies).sort(([one], [other]) => (one < other ? -1 : 1)));
  return { ...own, dependencies: sorted, bundleDependencies: names };
}

async function npmPack(cwd: string, folder: string, args: readonly string[]): Promise<readonly Tarball[]> {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, ...args], {
    cwd,
    maxBuffer: 64 * 1024 * 1024,
  });
  const packed: readonly { readonly name: string; readonly filename: string }[] = JSON.parse(stdout);
  return packed.map(({ name, filename }) => ({ name, file: join(folder, filename) }));
}

/** Unpacks a package as npm would install it, without its dependencies. */
export async function unpack(tarball: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await run("tar", ["--extract", "--gzip", "--file", tarball, "--strip-components=1", "--directory", target]);
}

if (import.meta.main) {
  const [destination = "release"] = process.argv.slice(2);
  for (const { name, file } of await packAll(destination)) console.log(`${name}  ${file}`);
}
