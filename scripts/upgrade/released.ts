import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { root } from "../release/packages.ts";

/** The commits of the released versions, the newest last. A clone may lack the tags. */
export type Released = Readonly<Record<string, string>>;

export interface Release {
  readonly version: string;
  readonly commit: string;
}

/**
 * Finds the newest released version, as `findRelease` does.
 * @returns a text that says what is missing where this clone lacks its commit
 */
export function newestRelease(repository = root): Release | string {
  return findRelease(Object.keys(readReleased()).at(-1) ?? "", repository);
}

/**
 * Finds a released version: the commit of its tag, or the one that `released.json` names.
 * @returns a text that says what is missing where this clone has neither
 */
export function findRelease(version: string, repository = root): Release | string {
  const { [version]: recorded } = readReleased();
  if (recorded === undefined) return `scripts/upgrade/released.json has no version ${version}`;
  for (const name of [`refs/tags/v${version}`, recorded]) {
    const commit = commitOf(repository, name);
    if (commit !== undefined) return { version, commit };
  }
  return `this clone has neither the tag v${version} nor the commit ${recorded}: git fetch --unshallow --tags`;
}

export function readReleased(): Released {
  return JSON.parse(readFileSync(new URL("released.json", import.meta.url), "utf8")) as Released;
}

function commitOf(repository: string, name: string): string | undefined {
  const args = ["rev-parse", "--verify", "--quiet", `${name}^{commit}`];
  try {
    return execFileSync("git", args, { cwd: repository, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}
