import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The folder of the databases that released versions have made, compressed. */
const folder = new URL("kept/", import.meta.url);

/** A kept database of each engine: SQLite's file, and the statements that make PostgreSQL's again. */
export const keptEndings = { sqlite: ".sqlite.gz", postgres: ".postgres.sql.gz" } as const;
export type KeptEngine = keyof typeof keptEndings;

export function keptFile(version: string, engine: KeptEngine): URL {
  return new URL(`${version}${keptEndings[engine]}`, folder);
}

export function readKept(version: string, engine: KeptEngine): Buffer {
  return gunzipSync(readFileSync(keptFile(version, engine)));
}

/** The versions of which there is a database of the engine. */
export function keptVersions(engine: KeptEngine): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(keptEndings[engine]));
  return names.map((name) => name.slice(0, -keptEndings[engine].length));
}
