#!/usr/bin/env node
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { built, nodeProblem, pinnedNode, suits } from "./runtime.js";

const main = new URL("../dist/main.js", import.meta.url);
const sources = new URL("../src/main.ts", import.meta.url);

if (built && suits) {
  await import(main.href);
} else if (!built && !existsSync(sources)) {
  fail("sluice: this package is incomplete: dist/main.js is missing; install it again");
} else {
  const node = suits ? process.execPath : pinnedNode();
  if (node === undefined) fail(nodeProblem);
  else run(node);
}

/** A checkout without a build runs its sources, as `npm start` does. */
function run(node) {
  const entry = built
    ? [fileURLToPath(main)]
    : ["--disable-warning=ExperimentalWarning", "--conditions=sluice-source", fileURLToPath(sources)];
  const child = spawn(node, [...entry, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGINT", "SIGUSR2"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`sluice: ${node} can't be started: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}

function fail(problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}
