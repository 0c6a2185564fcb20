import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "rolldown";
import type { RunningService, Service } from "./service.ts";

/**
 * The server in a few files. The tests start it some hundreds of times, and loading its thousand modules one by one
 * takes more than half of the processor time of a start.
 */
export const serverBundle: Service = {
  name: "a bundle of the server",
  variable: "SLUICE_TEST_PROGRAM",
  requirements: [],
  projects: [],
  start: bundleServer,
};

const server = fileURLToPath(new URL("../../packages/server/", import.meta.url));

/**
 * The modules that the server starts as programs and threads or imports by their place, which is beside the others. Those
 * that run together are bundled together. What is shared by more of them would be split into many small files, and the
 * thread that writes to SQLite loaded forty instead of three.
 */
const programs = [
  ["main", "cli/program"],
  ["database/sqlite/writer-thread", "app/transactions"],
  ["media/image/loops/loop-thread"],
  ["media/image/render/drawing/drawing-process"],
  ["media/image/render/heic/heic-thread"],
  ["media/image/render/text/text-process"],
  ["media/processes/child-main"],
  ["workers/worker-main"],
];

/** Packages with files that they find by their own place, and those that depend on them. */
const withFiles = [
  ...[/^pg($|-)/, /^@img\//, /^libheif-js/],
  ...["@sluice/client", "@sluice/auto-tagging", "@sluice/pages", "@sluice/fonts", "@sluice/video"],
];
/** In a bundle, yazl would get another form of the package that makes its checksums than by `require`. */
const outside = [...withFiles, "yazl"];

/** Modules that read files of the repository go on to find them from where they are. */
const ownPlaces: Plugin = {
  name: "own-places",
  transform: {
    filter: {
      id: /\/(web\/(?:console|documentation)\/places|web\/demo\/client-modules|web\/reference\/load-renderer|observability\/version)\.ts$/,
    },
    handler: (code, id) => code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href)),
  },
};

/**
 * Leaves out what undici exports for `fetch`, mocks and caches, which the server uses from nowhere. Their modules take
 * most of undici's time to load.
 */
const slimUndici: Plugin = {
  name: "slim-undici",
  resolveId: {
    filter: { id: /^\.\/lib\/(web|mock|interceptor|cache)\b/ },
    handler: (_, importer) => (importer?.endsWith("/undici/index.js") ? "\0unused.cjs" : undefined),
  },
  load: {
    filter: { id: /^\0unused/ },
    handler: () =>
      "module.exports = new Proxy(class {}, { get: (own, key) => (typeof key === 'symbol' || key in own ? own[key] : class {}) });",
  },
};

/**
 * Takes `node:http` and `node:https` from Node without an import. An import reads all of their exports, of which
 * `WebSocket` makes Node load its `fetch`: 40 ms of processor time.
 */
const slimHttp: Plugin = {
  name: "slim-http",
  resolveId: { filter: { id: /^node:https?$/ }, handler: (id) => `\0${id}` },
  load: {
    filter: { id: /^\0node:/ },
    handler(id) {
      const name = id.slice(1);
      const lazy = ["WebSocket", "CloseEvent", "MessageEvent"];
      const names = Object.keys(process.getBuiltinModule(name) ?? {}).filter((key) => !lazy.includes(key));
      const builtin = `process.getBuiltinModule(${JSON.stringify(name)})`;
      return `const builtin = ${builtin};\nexport default builtin;\nexport const { ${names.join(", ")} } = builtin;\n`;
    },
  },
};

async function bundleServer(): Promise<RunningService> {
  // The packages that stay outside are found from here as they are from the sources.
  const parent = join(server, "node_modules");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, ".sluice-test-"));
  const stop = () => rm(folder, { recursive: true, force: true });
  try {
    for (const entries of programs) await bundle(entries, folder);
    await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  } catch (error) {
    await stop();
    throw error;
  }
  return { environment: { SLUICE_TEST_PROGRAM: join(folder, "main.js") }, stop };
}

async function bundle(entries: readonly string[], folder: string): Promise<void> {
  await build({
    input: entries.map((entry) => join(server, "src", `${entry}.ts`)),
    platform: "node",
    resolve: { conditionNames: ["sluice-source", "node", "import"] },
    external: outside,
    plugins: [ownPlaces, slimUndici, slimHttp],
    // The writing thread finds a script by the name of its function.
    output: { dir: folder, format: "esm", entryFileNames: "[name].js", keepNames: true },
  });
}
