import { violations } from "./check.ts";
import { loadedDecoders, strayStarts } from "./decoders.ts";
import { readSources } from "./imports.ts";

// Part of `npm run lint`: checks the imports of all packages against the order in floors.ts, and that no decoder runs
// in the server's own processes.

const sources = readSources("packages/*/src/**/*.ts");
const found = [...violations(sources), ...loadedDecoders(sources), ...strayStarts(sources)];
for (const line of found) console.error(line);
process.exitCode = found.length > 0 ? 1 : 0;
