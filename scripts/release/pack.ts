import { execFile } from "node:child_process";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { readPages } from "../site/pages.ts";
import {
  dependenciesOf,
  entriesOf,
  type Manifest,
  type Package,
  publishedPackages,
  readManifest,
  root,
} from "./packages.ts";
import { selfContained } from "./readme.ts";
import { withStage } from "./stage.ts";

const run = promisify(execFile);

/** The package with the command, which carries those of our packages that it depends on. */
const whole = "sluice";

export interface Tarball {
  readonly name: string;
  readonly file: string;
}

/** A tarball as npm has packed it, with the paths of the files inside. */
interface Packed extends Tarball {
  readonly contents: readonly string[];
}

/**
 * Packs every published package, from what `npm run build` has made, in the order of publishing. These are the files that a
 * registry gets. The server's has our other packages inside, so that it installs alone: `npx ./sluice-0.1.0.tgz`. The
 * READMEs need no file beside them.
 *
 * The tarballs appear in the folder when all of them are whole. Before that, and when packing fails or is interrupted, the
 * folder has what it had.
 */
export async function packAll(destination: string, repository = root): Promise<readonly Tarball[]> {
  const folder = resolve(destination);
  return await withStage(folder, async (stage) => {
    const packed = await packInto(stage, repository);
    const tarballs = packed.map(({ name, file }) => ({ name, file: join(folder, basename(file)) }));
    for (const { file } of tarballs) await rename(join(stage, basename(file)), file);
    return tarballs;
  });
}

async function packInto(stage: string, repository: string): Promise<readonly Tarball[]> {
  const packages = publishedPackages(repository);
  const workspaces = packages.flatMap((one) => ["--workspace", one.folder]);
  const packed = await npmPack(repository, stage, workspaces);
  const tarballs = packages.map(({ manifest }) => {
    const { name } = manifest;
    const found = packed.find((one) => one.name === name);
    if (found === undefined) throw new Error(`npm has not packed ${name}`);
    // Another build may have been at work meanwhile: it empties `dist` first.
    const missing = entriesOf(manifest).find((path) => !found.contents.includes(path));
    if (missing !== undefined) throw new Error(`${name} has no ${missing}: run npm run build, one at a time`);
    return { name, file: found.file };
  });
  for (const [index, { file }] of tarballs.entries()) {
    await packWithReadme(file, packages[index]?.folder ?? "", repository);
  }
  await packWhole(packages, tarballs);
  return tarballs;
}

/** Packs a tarball once more, with a README that can be read on a registry's page. */
async function packWithReadme(tarball: string, folder: string, repository: string): Promise<void> {
  const text = await readFile(join(repository, folder, "README.md"), "utf8").catch(() => undefined);
  if (text === undefined) return;
  const readme = selfContained(text, folder, readPages(repository));
  if (readme === text) return;
  const unpacked = join(dirname(tarball), folder);
  await unpack(tarball, unpacked);
  await writeFile(join(unpacked, "README.md"), readme);
  await npmPack(unpacked, dirname(tarball), []);
}

/** Packs the server once more, together with those of our packages that it depends on. */
async function packWhole(packages: readonly Package[], tarballs: readonly Tarball[]): Promise<void> {
  const fileOf = (name: string): string => tarballs.find((one) => one.name === name)?.file ?? "";
  const stage = dirname(fileOf(whole));
  const unpacked = join(stage, whole);
  await unpack(fileOf(whole), unpacked);
  const own = readManifest(unpacked);
  const inside = packages.filter(({ manifest }) => Object.hasOwn(own.dependencies ?? {}, manifest.name));
  for (const { manifest } of inside) {
    await unpack(fileOf(manifest.name), join(unpacked, "node_modules", manifest.name));
  }
  const manifest = carrying(own, inside);
  await writeFile(join(unpacked, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await npmPack(unpacked, stage, []);
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

async function npmPack(cwd: string, folder: string, args: readonly string[]): Promise<readonly Packed[]> {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, ...args], {
    cwd,
    maxBuffer: 64 * 1024 * 1024,
  });
  interface Listed {
    readonly name: string;
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }
  const packed: readonly Listed[] = JSON.parse(stdout);
  return packed.map(({ name, filename, files }) => ({
    name,
    file: join(folder, filename),
    contents: files.map(({ path }) => path),
  }));
}

/** Unpacks a package as npm would install it, without its dependencies. */
export async function unpack(tarball: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await run("tar", ["--extract", "--gzip", "--file", tarball, "--strip-components=1", "--directory", target]);
}

if (import.meta.main) {
  // An exit removes what is not whole yet.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
  const [destination = "release"] = process.argv.slice(2);
  for (const { name, file } of await packAll(destination)) console.log(`${name}  ${file}`);
}
