import { createHash } from "node:crypto";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AppSources } from "./places.ts";

/** A hash of everything from which an app is made, so that a build is used for its own sources alone. */
export async function hashSources({ root, files }: Pick<AppSources, "root" | "files">): Promise<string> {
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
