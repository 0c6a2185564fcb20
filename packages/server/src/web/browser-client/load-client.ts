import { glob, readFile } from "node:fs/promises";
import { createRequire, stripTypeScriptTypes } from "node:module";

const canonical = "@sluice/token/canonical";
const tus = "tus-js-client";

/**
 * `@sluice/client` as pages import it from this server, by path under `/_sluice/`. In the published package `client.js`
 * is the bundle, which loads what is in `client` only when it needs it. In the sources, where nothing is built,
 * `client.js` leads to the modules one by one, without their types.
 */
export async function loadClient(): Promise<ReadonlyMap<string, string>> {
  const entry = import.meta.resolve("@sluice/client");
  if (!entry.endsWith(".ts")) {
    const bundle = new URL(import.meta.resolve("@sluice/client/sluice-client.js"));
    const read = (path: string) => readFile(new URL(path, bundle), "utf8");
    const sources = new Map([["client.js", await read(bundle.href)]]);
    for (const path of ["client/diagnose.js", "client/resumable.js"]) sources.set(path, await read(path));
    return sources;
  }
  return new Map([
    ["client.js", 'export * from "./client/bundle.ts";\n'],
    ...(await loadModules("client/", new URL("./", entry))),
    ...(await loadModules("client/token/", new URL("./", import.meta.resolve(canonical)))),
    ["client/tus.js", await loadTus(entry)],
  ]);
}

/** Loads tus-js-client from its own bundle, which is a script for any kind of page or module. */
async function loadTus(entry: string): Promise<string> {
  const script = await readFile(createRequire(entry).resolve(`${tus}/dist/tus.min.js`), "utf8");
  return `const exports = {}, module = { exports };\n${script}\nexport const { DetailedError, Upload } = module.exports;\n`;
}

async function loadModules(prefix: string, folder: URL): Promise<[path: string, source: string][]> {
  const modules: [string, string][] = [];
  // A second dot marks a test.
  for await (const name of glob("{,element/,resumable/}+([a-z-]).ts", { cwd: folder })) {
    const source = stripTypeScriptTypes(await readFile(new URL(name, folder), "utf8"));
    const up = name.includes("/") ? "../" : "./";
    const replaced = source.replaceAll(`"${canonical}"`, `"${up}token/canonical.ts"`);
    modules.push([prefix + name, replaced.replaceAll(`"${tus}"`, `"${up}tus.js"`)]);
  }
  return modules;
}
