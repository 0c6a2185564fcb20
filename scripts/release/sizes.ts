import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { installedFor } from "./installed.ts";
import { readManifest } from "./packages.ts";

/** The unit in which file systems commonly give out space. */
const blockBytes = 4096;

/** The space that an installed package and everything that it needs take on the disk, by package, the largest first. */
export type InstalledBytes = ReadonlyMap<string, number>;

/** Measures an installed package with all that npm installs for it in production, on this platform. */
export async function installedBytes(folder: string): Promise<InstalledBytes> {
  const sizes: [string, number][] = [];
  for (const place of installedFor(folder)) {
    const { name, version } = readManifest(place);
    sizes.push([`${name} ${version}`, await bytesOf(place)]);
  }
  return new Map(sizes.sort(([, one], [, other]) => other - one));
}

export function total(sizes: InstalledBytes): number {
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
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
