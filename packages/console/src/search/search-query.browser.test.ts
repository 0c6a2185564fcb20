import { expect, test } from "vitest";
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
  expect(queryProblemIn("At position 8: expected a value.", 1)).toEqual({ position: 6, problem: "expected a value." });
  expect(queryProblemIn("Something else.")).toBe(undefined);
});
