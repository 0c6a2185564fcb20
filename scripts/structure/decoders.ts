import { posix } from "node:path";
import type { SourceFile } from "./imports.ts";
import { importsIn } from "./imports.ts";

const server = "packages/server/src/";

/** Packages that decode strangers' bytes in native code or in WASM. `@sluice/fonts` is names and files of its own alone. */
const decoders = ["sharp", "libheif-js", "@sluice/auto-tagging", "@sluice/pages"];

/** The modules that the server's own processes and threads begin with. */
export const entries = ["main.ts", "index.ts", "workers/worker-main.ts", "database/sqlite/writer-thread.ts"];

/** The only folder of media that starts processes and threads. */
const starter = `${server}media/processes/`;

/**
 * Imports by which a process of the server would load a decoder. Decoders run in processes that can be killed, which
 * `media/processes` starts (docs/architecture.md decision 15). Imports of types load nothing.
 */
export function loadedDecoders(files: readonly SourceFile[]): string[] {
  const loaded = new Map(files.map(({ path, text }) => [path, valueImports(text, path)]));
  const from = new Map(entries.map((entry) => [server + entry, ""]));
  const found: string[] = [];
  // The map grows while it is walked.
  for (const [path] of from) {
    for (const imported of loaded.get(path) ?? []) {
      const decoder = decoders.find((name) => imported === name || imported.startsWith(`${name}/`));
      if (decoder !== undefined) found.push(`${chain(path, from)} loads ${decoder} in the server's process`);
      else if (loaded.has(imported) && !from.has(imported)) from.set(imported, path);
    }
  }
  return found;
}

/** Files of `media` that start processes or threads elsewhere than where all of them are started. */
export function strayStarts(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => path.startsWith(`${server}media/`) && !path.startsWith(starter))
    .filter(({ text, imports }) => imports.includes("node:child_process") || text.includes("new Worker("))
    .map(({ path }) => `${path} starts a process or a thread: media/processes alone does`);
}

/** The imports of a file that load something. */
function valueImports(text: string, path: string): string[] {
  const withoutTypes = text
    .replaceAll(/(^|\n)\s*(?:import|export)\s+type\b[^;]*?from\s+"[^"]+"/g, "$1")
    .replaceAll(/(^|\n)\s*import\s*\{(?:\s*type\s+[^,}]+,?)+\s*\}\s*from\s+"[^"]+"/g, "$1");
  return importsIn(withoutTypes, path).map((imported) => posix.normalize(imported));
}

function chain(path: string, from: ReadonlyMap<string, string>): string {
  const before = from.get(path);
  const own = path.slice(server.length);
  return before === undefined || before === "" ? own : `${chain(before, from)} > ${own}`;
}
