// Takes the optional package for auto-tagging out of the manifest and the lock file, so that `npm ci` leaves out its
// 132 MB of models and programs. `npm ci` installs an optional peer wherever the workspace has it, and no flag says no.
import { readFileSync, writeFileSync } from "node:fs";

const folder = "packages/auto-tagging";

function edit(file, change) {
  const content = JSON.parse(readFileSync(file, "utf8"));
  change(content);
  writeFileSync(file, JSON.stringify(content));
}

function leaveOut(manifest) {
  if (!manifest.workspaces.includes(folder)) throw new Error(`${folder} is no workspace any more`);
  manifest.workspaces = manifest.workspaces.filter((name) => name !== folder);
}

edit("package.json", leaveOut);
edit("package-lock.json", ({ packages }) => {
  leaveOut(packages[""]);
  delete packages[folder];
  delete packages["node_modules/@sluice/auto-tagging"];
});
