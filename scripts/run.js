// Plain JavaScript, so that any Node can run it: an older one would end at the first line of a .ts file, in a stack trace.
// `node scripts/run.js <program> …` runs the program, or says in one line which Node is missing.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { nodeProblem, suits } from "../packages/server/bin/runtime.js";

if (!suits) {
  process.stderr.write(`${nodeProblem}\n`);
  process.exit(2);
}
// The program sees its own arguments. The processes that it forks run the program alone.
process.argv.splice(1, 1);
const program = resolve(process.argv[1] ?? "");
process.argv[1] = program;
await import(pathToFileURL(program).href);
