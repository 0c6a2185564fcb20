import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import type { Assets } from "./assets.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The scripts of the pages, by the names of their files. */
const scripts = { scheme: "client/scheme.ts", site: "client/site.ts", search: "client/search-index.ts" } as const;

export type ScriptPaths = Readonly<Record<keyof typeof scripts, string>>;

/** MiniSearch asks for its licence beside each copy. */
const licence = new URL("../../LICENSE.txt", import.meta.resolve("minisearch"));

/** Bundles each script into one file. The one that searches is loaded when somebody opens the search. */
export async function bundleScripts(assets: Assets): Promise<ScriptPaths> {
  const notice = `/*!\n${await readFile(licence, "utf8")}*/\n`;
  const paths = Object.entries(scripts).map(async ([name, file]) => {
    const { output } = await build({
      input: here(file),
      platform: "browser",
      output: { format: "esm", minify: true, comments: false },
      write: false,
    });
    const { code } = output[0];
    return [name, assets.add(`${name}.js`, name === "search" ? notice + code : code)];
  });
  return Object.fromEntries(await Promise.all(paths));
}
