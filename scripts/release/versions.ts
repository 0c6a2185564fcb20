import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, readManifest } from "./packages.ts";

const parts = /^(\d+)\.(\d+)\.(\d+)$/;

/** Says whether a semantic version comes after another one. Only whole releases have versions here. */
export function isAfter(version: string, before: string): boolean {
  const [one, other] = [version, before].map((text) => parts.exec(text)?.slice(1).map(Number));
  if (one === undefined || other === undefined) throw new Error(`${version} or ${before} is no version such as 1.2.3`);
  const index = one.findIndex((part, place) => part !== other[place]);
  return index >= 0 && (one[index] ?? 0) > (other[index] ?? 0);
}

const kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

/** A manifest as it stands in a file, or as the lock file repeats it. */
type Written = Record<string, unknown> & Partial<Pick<Manifest, (typeof kinds)[number]>>;

/**
 * Gives all packages the same version, and has them want each other in exactly that version: in their manifests and in
 * the lock file, so that no registry is asked.
 * @returns the files that have changed, relative to the repository
 */
export async function setVersion(repository: string, version: string): Promise<readonly string[]> {
  const folders = ["", ...(await workspaceFolders(repository))];
  const before = readManifest(repository).version;
  const names = new Set(folders.map((folder) => readManifest(join(repository, folder)).name));
  const change = (manifest: Written): void => {
    // Workspaces that are never published have no version of their own.
    if (manifest.version === before) manifest.version = version;
    for (const kind of kinds) {
      const wanted = manifest[kind] as Record<string, string> | undefined;
      for (const name of Object.keys(wanted ?? {})) if (wanted && names.has(name)) wanted[name] = version;
    }
  };
  const files = folders.map((folder) => join(folder, "package.json"));
  for (const file of files) await editJson(join(repository, file), (manifest) => change(manifest));
  // An example that is no workspace has a lock file of its own, in which it names our packages by their folders.
  const locks: string[] = [];
  for await (const file of glob("{,examples/*/}package-lock.json", { cwd: repository })) {
    locks.push(file);
    await editJson(join(repository, file), (lock) => {
      for (const [path, entry] of Object.entries(lock.packages as Record<string, Written>)) {
        if (!path.split("/").includes("node_modules")) change(entry);
      }
      if (lock.version === before) lock.version = version;
    });
  }
  return [...files, ...locks];
}

async function workspaceFolders(repository: string): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(join(repository, "package-lock.json"), "utf8"));
  return Object.keys(packages).filter((path) => path !== "" && !path.split("/").includes("node_modules"));
}

async function editJson(file: string, change: (content: Written) => void): Promise<void> {
  const content: Written = JSON.parse(await readFile(file, "utf8"));
  change(content);
  await writeFile(file, `${JSON.stringify(content, undefined, 2)}\n`);
}
