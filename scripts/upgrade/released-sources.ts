import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readManifest, root } from "../release/packages.ts";
import type { Release } from "./released.ts";

const run = promisify(execFile);

export interface ReleasedSources {
  /** The arguments with which Node runs the `sluice` command of that version. */
  readonly command: readonly string[];
  remove(): Promise<void>;
}

/**
 * Unpacks the sources of a released version into a temporary folder, where they run with the packages that this checkout
 * has installed. Our own packages are those of that version.
 */
export async function unpackRelease({ commit }: Release): Promise<ReleasedSources> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-released-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const archive = join(folder, "sources.tar");
    await run("git", ["archive", `--output=${archive}`, commit, "package.json", "packages"], { cwd: root });
    await run("tar", ["--extract", "--file", archive, "--directory", folder]);
    await rm(archive);
    await linkPackages(folder);
    return { command: ["--conditions=sluice-source", join(folder, "packages/server/src/main.ts")], remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function linkPackages(folder: string): Promise<void> {
  const installed = join(root, "node_modules");
  const target = join(folder, "node_modules");
  await mkdir(target);
  const ours = new Set<string>();
  for (const name of await readdir(join(folder, "packages"))) {
    const place = join(folder, "packages", name);
    const { name: fullName } = readManifest(place);
    const [scope = "", inScope] = fullName.split("/");
    ours.add(scope);
    if (inScope !== undefined) await mkdir(join(target, scope), { recursive: true });
    await symlink(place, join(target, fullName));
  }
  for (const name of await readdir(installed)) {
    if (!ours.has(name) && !name.startsWith(".")) await symlink(join(installed, name), join(target, name));
  }
}
