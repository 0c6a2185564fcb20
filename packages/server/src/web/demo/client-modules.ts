import { readdir, readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";

/**
 * The browser's half of the demo. The folder is beside this file and holds TypeScript in the repository, JavaScript in
 * the package.
 */
const folder = new URL("./client/", import.meta.url);

/** The module that the page starts with. It imports the others by their names in the same folder. */
export const clientEntry = import.meta.url.endsWith(".ts") ? "main.ts" : "main.js";

/** Every client module as JavaScript, by file name. */
export async function loadClientModules(): Promise<ReadonlyMap<string, string>> {
  // A second dot marks a file that is no module: a test, a declaration or a source map.
  const names = (await readdir(folder)).filter((name) => /^[a-z-]+\.[jt]s$/.test(name));
  const modules = names.map(async (name) => {
    const source = await readFile(new URL(name, folder), "utf8");
    return [name, name.endsWith(".ts") ? stripTypeScriptTypes(source) : source] as const;
  });
  return new Map(await Promise.all(modules));
}
