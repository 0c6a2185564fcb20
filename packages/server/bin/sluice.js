#!/usr/bin/env node
// Plain JavaScript, so that any Node can run it far enough to start the right one or to say what is missing.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const required = 24;
const main = new URL("../dist/main.js", import.meta.url);

if (Number(process.versions.node.split(".")[0]) >= required) {
  await import(main.href);
} else {
  const node = pinnedNode();
  if (node === undefined) {
    process.stderr.write(
      `sluice: Node ${required} is needed, this is ${process.versions.node}; install it and try again\n`,
    );
    process.exit(2);
  }
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}

/** The Node that npm installed beside this package, where it did. */
function pinnedNode() {
  try {
    const require = createRequire(import.meta.url);
    const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
    const manifest = require.resolve(`${name}/package.json`);
    return fileURLToPath(new URL(process.platform === "win32" ? "bin/node.exe" : "bin/node", `file://${manifest}`));
  } catch {
    return undefined;
  }
}
