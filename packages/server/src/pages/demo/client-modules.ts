import { readdir, readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";

/** The browser's half of the demo, beside this file: TypeScript in the repository, JavaScript in the package. */
const folder = new URL("./client/", import.meta.url);

/** The module that the page starts with; it imports the others by their names in the same folder. */
export const clientEntry = import.meta.url.endsWith(".ts") ? "main.ts" : "main.js";

/** Every client module as JavaScript, by file name. */
export async function loadClientModules(): Promise<ReadonlyMap<string, string>> {
  // A second dot marks what isn't a module: tests, declarations, source maps.
  const names = (await readdir(folder)).filter((name) => /^[a-z-]+\.[jt]s$/.test(name));
  const modules = names.map(async (name) => {
    const source = await readFile(new URL(name, folder), "utf8");
    return [name, name.endsWith(".ts") ? stripTypeScriptTypes(source) : source] as const;
  });
  return new Map(await Promise.all(modules));
}
