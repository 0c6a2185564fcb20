import { createHash } from "node:crypto";
import { access, glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isLocked } from "./build-lock.ts";
import type { AppPlaces, AppSources } from "./places.ts";

export type AppBuild =
  | { readonly state: "built"; readonly folder: string }
  | { readonly state: "building" }
  | { readonly state: "failed"; readonly problem: string }
  /** The sources are there, and nobody has built them. */
  | { readonly state: "unbuilt" }
  /** This installation lacks the app. */
  | { readonly state: "absent" };

/** Says where the app is, or why it isn't there. */
export async function findBuild({ packaged, sources, cache }: AppPlaces): Promise<AppBuild> {
  if (packaged !== undefined && (await isApp(packaged))) return { state: "built", folder: packaged };
  if (sources === undefined || !(await exists(sources.manifest))) return { state: "absent" };
  const { dist } = sources;
  if (dist !== undefined && (await isApp(dist))) return { state: "built", folder: dist };
  if (cache === undefined) return { state: "unbuilt" };
  const folder = await builtFolder(cache, sources);
  if (await isApp(folder)) return { state: "built", folder };
  if (await isLocked(cache)) return { state: "building" };
  const problem = await readFile(failureOf(folder), "utf8").catch(() => undefined);
  return problem === undefined ? { state: "unbuilt" } : { state: "failed", problem };
}

/** The folder of the build that belongs to the sources as they are now. */
export async function builtFolder(cache: string, sources: AppSources): Promise<string> {
  return join(cache, await hashSources(sources));
}

/** The file that says why a build has failed. */
export function failureOf(folder: string): string {
  return `${folder}.failed.txt`;
}

function isApp(folder: string): Promise<boolean> {
  return exists(join(folder, "index.html"));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A hash of everything from which an app is made, so that a build is used for its own sources alone. */
async function hashSources({ root, files }: Pick<AppSources, "root" | "files">): Promise<string> {
  const names: string[] = [];
  for await (const entry of glob([...files], { cwd: root, withFileTypes: true })) {
    // A second dot marks a test.
    if (entry.isFile() && !/\.(?:test|soak)\.tsx?$/.test(entry.name)) names.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash("sha256");
  for (const name of names.sort()) {
    const content = await readFile(name);
    hash.update(`${name.slice(root.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 24);
}
