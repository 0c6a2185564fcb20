// Plain JavaScript, so that any Node can run it far enough to say what is missing.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export const requiredNode = 24;

export const built = existsSync(new URL("../dist/main.js", import.meta.url));

/** Whether this Node is new enough. */
export const suits = isNewEnough(process.versions.node);

function isNewEnough(version) {
  return Number(version.split(".")[0]) >= requiredNode;
}

/** The Node that npm installed beside this package, where it did. An app may have an older one for itself. */
export function pinnedNode() {
  try {
    const require = createRequire(import.meta.url);
    const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
    const manifest = require.resolve(`${name}/package.json`);
    if (!isNewEnough(require(manifest).version)) return undefined;
    return fileURLToPath(new URL(process.platform === "win32" ? "bin/node.exe" : "bin/node", `file://${manifest}`));
  } catch {
    return undefined;
  }
}

const remedy =
  pinnedNode() === undefined
    ? `install Node ${requiredNode} and try again`
    : "run the program with the one that npm installed: npx node <program>";

export const nodeProblem = `sluice: Node ${requiredNode} is needed, this is ${process.versions.node}; ${remedy}`;
