import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import type { Assets } from "./assets.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The scripts of the pages, by the names of their files. */
const scripts = { scheme: "client/scheme.ts", site: "client/site.ts", search: "client/search-index.ts" } as const;

export type ScriptPaths = Readonly<Record<keyof typeof scripts, string>>;

/** Bundles each script into one file. The one that searches is loaded when somebody opens the search. */
export async function bundleScripts(assets: Assets): Promise<ScriptPaths> {
  const paths = Object.entries(scripts).map(async ([name, file]) => {
    const { output } = await build({
      input: here(file),
      platform: "browser",
      output: { format: "esm", minify: true, comments: false },
      write: false,
    });
    return [name, assets.add(`${name}.js`, output[0].code)];
  });
  return Object.fromEntries(await Promise.all(paths));
}
