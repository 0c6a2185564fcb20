import { parseArgs } from "node:util";
import { buildSite } from "./build-site.ts";

// Builds the documentation's site: node scripts/site/main.ts --outDir <folder>.

const { values } = parseArgs({ options: { outDir: { type: "string", default: "dist-docs" } } });
await buildSite(values.outDir);
