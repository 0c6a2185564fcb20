import { existsSync } from "node:fs";
import { copyFile, cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import scalar from "@scalar/fastify-api-reference";
import Fastify from "fastify";
import { pruneTypes } from "./build/prune-types.ts";
import { buildInto } from "./src/web/build/build-app.ts";
import { consoleSources } from "./src/web/console/places.ts";
import { documentationSources } from "./src/web/documentation/places.ts";

/**
 * The renderer of the API's reference as one script, gzipped: Scalar, whose plugin for Fastify carries the whole script.
 * The published package has a copy of it, so that operators don't install what the script is made of.
 */
export async function bundleRenderer(): Promise<Buffer<ArrayBuffer>> {
  const app = Fastify();
  try {
    await app.register(scalar, { routePrefix: "/reference", configuration: { content: {} } });
    const { statusCode, rawPayload } = await app.inject("/reference/js/scalar.js");
    if (statusCode !== 200) throw new Error(`the renderer's plugin answered ${statusCode}`);
    return await promisify(gzip)(rawPayload, { level: 9 });
  } finally {
    await app.close();
  }
}

/** The place of the copy in the package, beside the module that reads it. */
const target = fileURLToPath(new URL("dist/web/reference/renderer.js.gz", import.meta.url));

/**
 * Builds the web console, and puts it beside the module that reads it. The copy in the console's own package is the one
 * that a checkout's sources serve.
 */
async function buildConsole(): Promise<void> {
  const workspace = fileURLToPath(new URL("../console/", import.meta.url));
  if (!existsSync(join(workspace, "package.json"))) return;
  const built = join(workspace, "dist");
  const problem = await buildInto(consoleSources(workspace), built, new AbortController().signal);
  if (problem !== undefined) throw new Error(`the web console could not be built: ${problem}`);
  const copy = fileURLToPath(new URL("dist/web/console/app", import.meta.url));
  await rm(copy, { recursive: true, force: true });
  await cp(built, copy, { recursive: true });
}

/** Builds the site of the documentation beside the module that reads it. */
async function buildDocumentation(): Promise<void> {
  const sources = documentationSources(fileURLToPath(new URL("../../", import.meta.url)));
  if (!existsSync(sources.manifest)) return;
  const site = fileURLToPath(new URL("dist/web/documentation/site", import.meta.url));
  const problem = await buildInto(sources, site, new AbortController().signal);
  if (problem !== undefined) throw new Error(`the documentation could not be built: ${problem}`);
}

if (import.meta.main) {
  await buildConsole();
  await buildDocumentation();
  await writeFile(target, await bundleRenderer());
  // The script's licence asks for its text beside each copy.
  const licence = new URL("../LICENSE", import.meta.resolve("@scalar/fastify-api-reference"));
  await copyFile(licence, `${target}.LICENSE`);
  await pruneTypes(fileURLToPath(new URL("dist", import.meta.url)), "index.d.ts");
}
