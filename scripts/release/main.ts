import { spawn } from "node:child_process";
import { once } from "node:events";
import { root } from "./packages.ts";
import { release } from "./release.ts";
import { listMaterials } from "./sbom.ts";

// npm run release -- 0.2.0: see docs/releasing.md.

const [version] = process.argv.slice(2);
if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
  console.error("release: name the version: npm run release -- 0.2.0");
  process.exit(2);
}

/** Builds the packages, and writes the version into the documents that tell it. */
async function build(): Promise<void> {
  for (const script of ["build", "docs"]) await run("npm", "run", "--silent", script);
}

function keepDatabases(version: string): Promise<void> {
  return run(process.execPath, "--conditions=sluice-source", "scripts/upgrade/keep.ts", version);
}

async function run(command: string, ...args: readonly string[]): Promise<void> {
  const [code] = await once(spawn(command, args, { cwd: root, stdio: "inherit" }), "exit");
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed`);
}

const date = new Date().toISOString().slice(0, 10);
const steps = { build, listMaterials, keepDatabases };
await release({ repository: root, version, date, ...steps, tell: console.log }).catch((error: unknown) => {
  console.error(`release: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
