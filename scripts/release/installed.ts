import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { readManifest } from "./packages.ts";

/**
 * Returns the folder of an installed package, and those of all packages that npm installs for it in production.
 * @param options `optional`: whether optional packages count, where they are installed
 */
export function installedFor(folder: string, { optional = true } = {}): readonly string[] {
  const folders = [realpathSync(folder)];
  for (const place of folders) {
    const { dependencies, optionalDependencies = {} } = readManifest(place);
    const needed = Object.keys(dependencies ?? {}).filter((name) => !Object.hasOwn(optionalDependencies, name));
    for (const name of [...needed, ...(optional ? Object.keys(optionalDependencies) : [])]) {
      const found = findPackage(name, place);
      if (found === undefined && needed.includes(name))
        throw new Error(`${name}, which ${place} needs, is not installed`);
      if (found !== undefined && !folders.includes(found)) folders.push(found);
    }
  }
  return folders;
}

/** Finds a package as Node does: in the `node_modules` of the folder, and of those above it. */
export function findPackage(name: string, folder: string): string | undefined {
  const place = join(folder, "node_modules", name);
  if (existsSync(join(place, "package.json"))) return realpathSync(place);
  const parent = dirname(folder);
  return parent === folder ? undefined : findPackage(name, parent);
}
