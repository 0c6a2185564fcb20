import { expect, test } from "vitest";
import { expandNames, namesIn, onlyNames } from "./named.ts";
import { parseTransformation } from "./parse.ts";
import { printTransformation } from "./print.ts";
import { TransformationError } from "./transformation-error.ts";

const steps = (count: number, step: string) => Array(count).fill(step).join(":");

const account: Readonly<Record<string, string>> = {
  small: "tr:w-100,h-100,c-at_max",
  chain: "w-400,c-force:rt-90",
  conditional: "if-w_gt_2,w-2,if-end:bl-2",
  layered: "l-text,i-a,l-end",
  nothing: "bg-",
  nested: "n-small:bl-9",
  deep: "n-nested",
  endless: "n-endless",
  long: steps(128, "w-2"),
  branches: `if-w_gt_2,${steps(200, "w-2")},if-else,${steps(56, "w-2")},if-end`,
  layers: `l-image,i-a,${steps(255, "w-2")},l-image,i-b,w-2:w-3,l-end,l-end`,
  many: steps(256, "n-long"),
  wide: Array(300).fill("l-text,i-a,l-end").join(","),
  wider: steps(3, "n-wide"),
};

const find = (name: string) => {
  const text = account[name];
  return text === undefined ? undefined : parseTransformation(text);
};

// docs/protocol/delivery.md §8.2
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
  ["n-layers", "NAMES_TOO_LONG"],
  ["n-wide:n-wide:n-wide:n-wide", "NAMES_TOO_LONG"],
  ["n-wider:n-wide", "NAMES_TOO_LONG"],
])("%s is refused: %s", (text, problem) => {
  expect(() => expandNames(parseTransformation(text), find)).toThrow(
    expect.objectContaining({ name: TransformationError.name, problem }),
  );
});

test("names stand for as much as a transformation may hold, among which that of the URL doesn't count", () => {
  const text = `n-long:n-long:${steps(253, "w-2")}:w-3`;
  expect(expandNames(parseTransformation(text), find).steps).toHaveLength(510);
  expect(expandNames(parseTransformation("n-wider"), find).steps).toHaveLength(3);
});

test("a refusal of what names stand for tells how much they may", () => {
  expect(() => expandNames(parseTransformation("n-many"), find)).toThrow(
    "Named transformations stand for more than 256 steps or 1024 parameters: long",
  );
  expect(() => expandNames(parseTransformation("n-deep"), find)).toThrow(
    "Named transformations are nested more than 2 deep: small",
  );
  expect(() => expandNames(parseTransformation("if-h_lt_9,n-conditional,if-end"), find)).toThrow(
    "Conditions can't be nested: if-w_gt_2",
  );
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
