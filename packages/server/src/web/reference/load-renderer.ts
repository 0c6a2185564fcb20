import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";

interface Build {
  readonly bundleRenderer: () => Promise<Buffer<ArrayBuffer>>;
}

const fromSources = import.meta.url.endsWith(".ts");

/** The scripts of the API's reference. */
export interface ReferenceScripts {
  /** The renderer, gzipped: it is some megabytes long. */
  readonly renderer: Buffer<ArrayBuffer>;
  readonly start: string;
}

/**
 * Loads the scripts of the API's reference. The published package has the renderer beside this file. In the sources,
 * where nothing is built, the renderer is taken from its npm package now, by the module that builds the copy.
 */
export async function loadReferenceScripts(): Promise<ReferenceScripts> {
  const [renderer, start] = await Promise.all([
    fromSources ? takeRenderer() : readFile(new URL("./renderer.js.gz", import.meta.url)),
    readFile(new URL(`./client/start.${fromSources ? "ts" : "js"}`, import.meta.url), "utf8"),
  ]);
  return { renderer, start: fromSources ? stripTypeScriptTypes(start) : start };
}

async function takeRenderer(): Promise<Buffer<ArrayBuffer>> {
  const { bundleRenderer }: Build = await import(new URL("../../../build.ts", import.meta.url).href);
  return bundleRenderer();
}
