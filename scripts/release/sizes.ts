import { existsSync, realpathSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readManifest } from "./packages.ts";

/** The unit in which file systems commonly give out space. */
const blockBytes = 4096;

/** The space that an installed package and everything that it needs take on the disk, by package, the largest first. */
export type InstalledBytes = ReadonlyMap<string, number>;

/**
 * Measures an installed package with all that npm installs for it in production, on this platform. Optional packages count
 * where they are installed.
 */
export async function installedBytes(folder: string): Promise<InstalledBytes> {
  const folders = [realpathSync(folder)];
  for (const place of folders) {
    const { dependencies, optionalDependencies } = readManifest(place);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = findPackage(name, place);
      if (found === undefined && !Object.hasOwn(optionalDependencies ?? {}, name)) {
        throw new Error(`${name}, which ${place} needs, is not installed`);
      }
      if (found !== undefined && !folders.includes(found)) folders.push(found);
    }
  }
  const sizes: [string, number][] = [];
  for (const place of folders) {
    const { name, version } = readManifest(place);
    sizes.push([`${name} ${version}`, await bytesOf(place)]);
  }
  return new Map(sizes.sort(([, one], [, other]) => other - one));
}

export function total(sizes: InstalledBytes): number {
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Finds a package as Node does: in the `node_modules` of the folder, and of those above it. */
function findPackage(name: string, folder: string): string | undefined {
  const place = join(folder, "node_modules", name);
  if (existsSync(join(place, "package.json"))) return realpathSync(place);
  const parent = dirname(folder);
  return parent === folder ? undefined : findPackage(name, parent);
}

/** Returns the space that a package takes, without the packages below it, which are counted by themselves. */
async function bytesOf(folder: string): Promise<number> {
  let sum = blockBytes;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += await bytesOf(path);
    else if (entry.isFile()) sum += Math.ceil((await stat(path)).size / blockBytes) * blockBytes;
  }
  return sum;
}
