import { expect, test } from "vitest";
import { expandNames, namesIn, onlyNames } from "./named.ts";
import { parseTransformation } from "./parse.ts";
import { printTransformation } from "./print.ts";
import { TransformationError } from "./transformation-error.ts";

const account: Readonly<Record<string, string>> = {
  small: "tr:w-100,h-100,c-at_max",
  chain: "w-400,c-force:rt-90",
  conditional: "if-w_gt_2,w-2,if-end:bl-2",
  layered: "l-text,i-a,l-end",
  nothing: "bg-",
  nested: "n-small:bl-9",
  deep: "n-nested",
  endless: "n-endless",
  long: Array(500).fill("w-2").join(":"),
  branches: `if-w_gt_2,${Array(1000).fill("w-2").join(":")},if-end`,
  many: Array(2000).fill("n-long").join(":"),
};

const find = (name: string) => {
  const text = account[name];
  return text === undefined ? undefined : parseTransformation(text);
};

// spec/delivery.md §8.2
test.each([
  ["n-small", "w-100,h-100,c-at_max"],
  ["n-chain", "w-400,c-force:rt-90"],
  ["n-small:n-chain:q-2", "w-100,h-100,c-at_max:w-400,c-force:rt-90:q-2"],
  ["w-20,n-chain", "w-20,c-force:rt-90"],
  ["n-chain,w-20,bl-3:q-2", "w-20,c-force,bl-3:rt-90:q-2"],
  ["n-layered,l-text,i-b,l-end", "l-text,i-a,l-end,l-text,i-b,l-end"],
  ["n-nothing", ""],
  ["w-2,n-nothing", "w-2"],
  ["w-3,n-conditional", "w-3:if-w_gt_2,w-2,if-end:bl-2"],
  ["if-w_gt_2,n-chain,if-else,n-small,if-end", "if-w_gt_2,w-400,c-force:rt-90,if-else,w-100,h-100,c-at_max,if-end"],
  ["n-nested", "w-100,h-100,c-at_max:bl-9"],
  ["w-2", "w-2"],
])("%s stands for %s", (text, expanded) => {
  expect(printTransformation(expandNames(parseTransformation(text), find))).toBe(expanded);
});

test.each([
  ["n-unknown", "UNKNOWN_NAME"],
  ["w-2:n-unknown", "UNKNOWN_NAME"],
  ["n-deep", "NAMES_TOO_DEEP"],
  ["n-endless", "NAMES_TOO_DEEP"],
  ["n-long:n-long:n-long", "NAMES_TOO_LONG"],
  ["n-many", "NAMES_TOO_LONG"],
  ["n-branches", "NAMES_TOO_LONG"],
])("%s is refused: %s", (text, problem) => {
  expect(() => expandNames(parseTransformation(text), find)).toThrow(
    expect.objectContaining({ name: TransformationError.name, problem }),
  );
});

test("names stand for no more than a thousand steps, which those of the URL don't count among", () => {
  const text = `n-long:n-long:${"w-2:".repeat(2000)}w-3`;
  expect(expandNames(parseTransformation(text), find).steps).toHaveLength(3001);
});

test.each([
  ["n-a", ["a"]],
  ["n-a:n-b", ["a", "b"]],
  ["n-a,", ["a"]],
  ["n-a,w-2", undefined],
  ["n-a:w-2", undefined],
  ["n-a,orig-true", undefined],
  ["n-a,l-text,i-a,l-end", undefined],
  ["if-w_gt_2,n-a,if-end", undefined],
  ["orig-true", undefined],
  ["", undefined],
])("%s says the names %j and nothing else", (text, names) => {
  expect(onlyNames(parseTransformation(text))).toEqual(names);
});

test("names are found in every step, in branches as well", () => {
  const text = "n-a,w-2:bl-2:if-w_gt_2,n-b:n-c,if-else,n-d,if-end:n-a";
  expect([...namesIn(parseTransformation(text))]).toEqual(["a", "b", "c", "d"]);
});
