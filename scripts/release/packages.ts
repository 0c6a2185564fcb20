import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly bundleDependencies?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>> | string>>;
}

export interface Package {
  /** The folder relative to the repository, such as `packages/server`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** Returns the packages that are published, each after those that it depends on: the order of publishing. */
export function publishedPackages(repository = root): readonly Package[] {
  const folders = (readManifest(repository).workspaces ?? []).filter((folder) => folder.startsWith("packages/"));
  const waiting = folders
    .map((folder) => ({ folder, manifest: readManifest(join(repository, folder)) }))
    .filter(({ manifest }) => manifest.private !== true);
  const ordered: Package[] = [];
  while (waiting.length > 0) {
    const index = waiting.findIndex(({ manifest }) =>
      dependenciesOf(manifest).every((name) => !waiting.some((other) => other.manifest.name === name)),
    );
    if (index < 0) throw new Error("packages depend on each other in a circle");
    ordered.push(...waiting.splice(index, 1));
  }
  return ordered;
}

/** Returns the paths that a package promises to have: what it exports when it is installed, and its programs. */
export function entriesOf({ bin = {}, exports = {} }: Manifest): string[] {
  const exported = Object.values(exports).flatMap((entry) =>
    typeof entry === "string" ? [entry] : [entry.types, entry.default].filter((path) => path !== undefined),
  );
  const paths = [...exported, ...Object.values(bin)].filter((path) => !path.includes("*"));
  return [...new Set(paths.map((path) => path.replace(/^\.\//, "")))];
}

export function dependenciesOf({ dependencies, peerDependencies }: Manifest): string[] {
  return Object.keys({ ...dependencies, ...peerDependencies });
}
