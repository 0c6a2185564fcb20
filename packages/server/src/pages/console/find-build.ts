import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isLocked } from "./build-lock.ts";
import { hashSources } from "./hash-sources.ts";
import type { ConsolePlaces } from "./places.ts";

export type ConsoleBuild =
  | { readonly state: "built"; readonly folder: string }
  | { readonly state: "building" }
  | { readonly state: "failed"; readonly problem: string }
  /** The sources are there, and nobody has built them. */
  | { readonly state: "unbuilt" }
  /** This installation has no console. */
  | { readonly state: "absent" };

/** Says where the app is, or why it isn't there. */
export async function findBuild({ packaged, workspace, cache }: ConsolePlaces): Promise<ConsoleBuild> {
  if (packaged !== undefined && (await isApp(packaged))) return { state: "built", folder: packaged };
  if (workspace === undefined || !(await exists(join(workspace, "package.json")))) return { state: "absent" };
  const deliberate = join(workspace, "dist");
  if (await isApp(deliberate)) return { state: "built", folder: deliberate };
  if (cache === undefined) return { state: "unbuilt" };
  const folder = await builtFolder(cache, workspace);
  if (await isApp(folder)) return { state: "built", folder };
  if (await isLocked(cache)) return { state: "building" };
  const problem = await readFile(failureOf(folder), "utf8").catch(() => undefined);
  return problem === undefined ? { state: "unbuilt" } : { state: "failed", problem };
}

/** The folder of the build that belongs to the sources as they are now. */
export async function builtFolder(cache: string, workspace: string): Promise<string> {
  return join(cache, await hashSources(workspace));
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
