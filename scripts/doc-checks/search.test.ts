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

test("a date is read as the table of the vendor's reading says", () => {
  const [, table = ""] = /### Dates in searches of ImageKit\n(.*?)\n###/s.exec(page) ?? [];
  const rows = [...table.matchAll(/^\| `([^`]+)` \| `?([^|`]+)`? \|[^|]+\| `([^`]+)` \|$/gm)].map((row) =>
    row.slice(1),
  );
  expect(rows).toHaveLength(3);
  const meaning = (query = "") => JSON.stringify(parseSearchQuery(query, options));
  const midnight = Date.parse("2026-01-31T00:00:00Z");
  for (const [query, same = "", vendors] of rows) {
    if (same.startsWith("createdAt")) expect(meaning(query)).toBe(meaning(same));
    else expect(meaning(query)).toContain(`"from":${midnight},"before":${midnight + 24 * 3600 * 1000}`);
    expect(meaning(vendors)).toMatch(new RegExp(`:${midnight}\\b|:${midnight + 1}\\b`));
    expect(meaning(vendors)).not.toBe(meaning(query));
  }
});

test.for(examples)("the example for %s is a query", ([, query = ""]) => {
  expect(() => parseSearchQuery(query, options)).not.toThrow();
});
