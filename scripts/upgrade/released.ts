import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { root } from "../release/packages.ts";

/** The commits of the released versions, the newest last. A clone may lack the tags. */
type Released = Readonly<Record<string, string>>;

export interface Release {
  readonly version: string;
  readonly commit: string;
}

/**
 * Finds the newest released version: the commit of its tag, or the one that `released.json` names.
 * @returns a text that says what is missing where this clone has neither
 */
export function newestRelease(repository = root): Release | string {
  const file = new URL("released.json", import.meta.url);
  const released = JSON.parse(readFileSync(file, "utf8")) as Released;
  const [version = "", recorded = ""] = Object.entries(released).at(-1) ?? [];
  for (const name of [`refs/tags/v${version}`, recorded]) {
    const commit = commitOf(repository, name);
    if (commit !== undefined) return { version, commit };
  }
  return `this clone has neither the tag v${version} nor the commit ${recorded}: git fetch --unshallow --tags`;
}

function commitOf(repository: string, name: string): string | undefined {
  const args = ["rev-parse", "--verify", "--quiet", `${name}^{commit}`];
  try {
    return execFileSync("git", args, { cwd: repository, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}
