import { expect, test } from "vitest";
import { filterOf, tagCondition, toggleFilter } from "./filters.ts";
import { queryProblemIn, searchQueryOf } from "./search-query.ts";

test.each([
  ["red shoe", undefined, '(name HAS "red shoe" OR tags HAS "red shoe") AND type = "file"'],
  ['say "hi" \\', undefined, '(name HAS "say \\"hi\\" \\\\" OR tags HAS "say \\"hi\\" \\\\") AND type = "file"'],
  ['size > "1mb" OR private = true', "/a b", '(size > "1mb" OR private = true) AND type = "file" AND path : "/a b"'],
  ["sunset", "/", '(name HAS "sunset" OR tags HAS "sunset") AND type = "file"'],
])("%s in %s is asked for as %s", (text, folder, query) => {
  expect(searchQueryOf(text, folder)).toBe(query);
});

test("the place of a mistake is that in what was typed", () => {
  expect(queryProblemIn("At position 8: expected a value.")).toEqual({ position: 6, problem: "expected a value." });
  expect(queryProblemIn("Something else.")).toBe(undefined);
});

test("a filter is added to words and to queries, and taken away again", () => {
  const large = 'size > "1mb"';
  const added = toggleFilter("red shoe", large);
  const words = '(name HAS "red shoe" OR tags HAS "red shoe")';
  expect(added).toBe(`${words} AND ${large}`);
  expect(filterOf(added, large)).toBe(true);
  expect(toggleFilter(added, large)).toBe(words);
  expect(toggleFilter("private = true OR size > 5", large)).toBe(`(private = true OR size > 5) AND ${large}`);
  expect(toggleFilter("", large)).toBe(large);
});

test("of a group of filters one is on, and conditions inside of texts and parentheses are left alone", () => {
  const [large, huge] = ['size > "1mb"', 'size > "10mb"'];
  expect(toggleFilter(`private = true AND ${large}`, huge, [large, huge])).toBe(`private = true AND ${huge}`);
  const tagged = tagCondition('a " AND size > "1mb');
  expect(toggleFilter("", tagged)).toBe(tagged);
  expect(filterOf(tagged, large)).toBe(false);
  expect(filterOf(`(name = "x" AND ${large} OR tags EXISTS)`, large)).toBe(false);
  expect(toggleFilter(toggleFilter("(size > 1 OR size < 9)", tagged), tagged)).toBe("(size > 1 OR size < 9)");
});
