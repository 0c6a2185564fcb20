import { violations } from "./check.ts";
import { readSources } from "./imports.ts";

// Part of `npm run lint`: checks the imports of all packages against the order in floors.ts.

const found = violations(readSources("packages/*/src/**/*.ts"));
for (const line of found) console.error(line);
process.exitCode = found.length > 0 ? 1 : 0;
