import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { compareFacts } from "./differences.ts";
import { factsOf } from "./facts.ts";

// node --conditions=sluice-source scripts/reference/compare.ts <the vendor's OpenAPI document> [--write]
// Compares docs/openapi.json with the vendor's document, and says which differences the table of deviations does not
// explain. With --write, the facts of the vendor's document are kept for the test that does the same without it.

const { positionals, values } = parseArgs({ allowPositionals: true, options: { write: { type: "boolean" } } });
const [path] = positionals;
if (path === undefined) throw new Error("name the vendor's OpenAPI document");

const theirs = factsOf(parse(readFileSync(path, "utf8")));
const ours = factsOf(JSON.parse(readFileSync("docs/openapi.json", "utf8")));
// What the vendor's generator of SDKs needs says nothing about the API.
const kept = theirs.filter((fact) => !fact.startsWith("POST /v1/dummy/test · "));
if (values.write) writeFileSync(new URL("./vendor-facts.txt", import.meta.url), `${kept.join("\n")}\n`);

const { explained, unexplained, idle } = compareFacts(theirs, ours);
for (const { kind, fact, deviation } of explained) console.log(`${kind}: ${fact} (${deviation.what})`);
for (const { kind, fact } of unexplained) console.error(`${kind}, without a reason: ${fact}`);
for (const { what } of idle) console.error(`no longer a deviation: ${what}`);
process.exitCode = unexplained.length + idle.length > 0 ? 1 : 0;
