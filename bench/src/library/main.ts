import { parseArgs } from "node:util";
import { openSeedDatabase } from "./seed-database.ts";
import { seedLibrary } from "./seed-library.ts";

// Fills the library of a data folder in which a server has started once, and runs no more:
//   node --conditions=sluice-source bench/src/library/main.ts --files 1000000 --data-dir data \
//     [--one-folder] [--database-url postgres://…]

const { values } = parseArgs({
  options: {
    files: { type: "string" },
    "data-dir": { type: "string" },
    "database-url": { type: "string" },
    // All files go into one folder, instead of a tenth of them.
    "one-folder": { type: "boolean", default: false },
  },
});
const { files = "", "data-dir": dataDir, "database-url": databaseUrl } = values;
if (!/^[1-9]\d{0,7}$/.test(files) || dataDir === undefined) {
  throw new Error("--files takes a number of files, --data-dir a folder in which a server has started once");
}
const begun = performance.now();
const database = openSeedDatabase(dataDir, databaseUrl);
try {
  await seedLibrary(database, Number(files), say, { inOneFolder: values["one-folder"] });
} finally {
  await database.close();
}
say("done");

function say(progress: string): void {
  process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(0)} s: ${progress}\n`);
}
