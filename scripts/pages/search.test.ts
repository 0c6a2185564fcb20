import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseSearchQuery } from "../../packages/grammar/src/index.ts";

const page = readFileSync("docs/search.md", "utf8");
const [, section = ""] = /\n\|---\|---\|\n(\| a name \|.*?)\n### Operators/s.exec(page) ?? [];
const examples = [...section.matchAll(/^\| ([^|]+) \| `([^`]+)`.* \|$/gm)].map(([, what = "", query = ""]) => [
  what,
  query,
]);

const options = {
  customFields: new Map([
    ["brand", "Text"],
    ["price", "Number"],
    ["colours", "MultiSelect"],
  ] as const),
  now: Date.parse("2026-01-31T00:00:00Z"),
};

test("the page has at least thirty examples", () => {
  expect(examples.length).toBeGreaterThanOrEqual(30);
});

test.for(examples)("the example for %s is a query", ([, query = ""]) => {
  expect(() => parseSearchQuery(query, options)).not.toThrow();
});
