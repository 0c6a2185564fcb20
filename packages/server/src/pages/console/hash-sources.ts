import { createHash } from "node:crypto";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The files from which the app is made, below the root of the checkout. A second dot marks a test. */
const sources = [
  "package-lock.json",
  "packages/console/{index.html,package.json,tsconfig.json,vite.config.ts}",
  "packages/{console,client,grammar,protocol,token}/src/**/*",
];

/** A hash of everything from which the console's app is made, so that a build is used for its own sources alone. */
export async function hashSources(workspace: string): Promise<string> {
  const root = join(workspace, "../..");
  const names: string[] = [];
  for await (const entry of glob(sources, { cwd: root, withFileTypes: true })) {
    if (entry.isFile() && !/\.(?:test|soak)\.tsx?$/.test(entry.name)) names.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash("sha256");
  for (const name of names.sort()) {
    const content = await readFile(name);
    hash.update(`${name.slice(root.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 24);
}
