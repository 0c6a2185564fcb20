// Takes optional packages out of the manifest and the lock file, so that `npm ci` leaves out what they bring:
//
//   node leave-out.js auto-tagging fonts
//
// `npm ci` installs an optional peer wherever the workspace has it, and no flag says no.
import { readFileSync, writeFileSync } from "node:fs";

const names = process.argv.slice(2);

function edit(file, change) {
  const content = JSON.parse(readFileSync(file, "utf8"));
  change(content);
  writeFileSync(file, JSON.stringify(content));
}

function leaveOut(manifest) {
  for (const name of names) {
    const folder = `packages/${name}`;
    if (!manifest.workspaces.includes(folder)) throw new Error(`${folder} is no workspace any more`);
    manifest.workspaces = manifest.workspaces.filter((workspace) => workspace !== folder);
  }
}

edit("package.json", leaveOut);
edit("package-lock.json", ({ packages }) => {
  leaveOut(packages[""]);
  for (const name of names) {
    delete packages[`packages/${name}`];
    delete packages[`node_modules/@sluice/${name}`];
  }
});
