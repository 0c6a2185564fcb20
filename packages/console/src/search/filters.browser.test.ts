import { type CustomFields, parseSearchQuery } from "@sluice/grammar";
import { describe, expect, test } from "vitest";
import {
  customFilter,
  isOfFilter,
  rangeConditions,
  rangeIn,
  valuesConditions,
  valuesIn,
  wordsConditions,
  wordsIn,
} from "./custom-filters.ts";
import { filterOf, partsOf, tagCondition, tagOf, withConditions } from "./filters.ts";

const large = 'size > "1mb"';
const none = () => false;

test("a filter is added to words and to queries, and taken away again", () => {
  const words = '(name HAS "red shoe" OR tags HAS "red shoe")';
  const added = withConditions("red shoe", none, [large]);
  expect(added).toBe(`${words} AND ${large}`);
  expect(filterOf(added, large)).toBe(true);
  expect(withConditions(added, (part) => part === large, [])).toBe(words);
  expect(withConditions("", none, [large])).toBe(large);
  expect(withConditions(large, (part) => part === large, [])).toBe("");
});

test("a filter takes the place of another one of its group", () => {
  const huge = 'size > "10mb"';
  expect(withConditions(`private = true AND ${large}`, (part) => part === large, [huge])).toBe(
    `private = true AND ${huge}`,
  );
});

test("conditions within texts, parentheses and beside an OR are left alone", () => {
  const tagged = tagCondition('a " AND size > "1mb');
  expect(withConditions("", none, [tagged])).toBe(tagged);
  expect(partsOf(`${tagged} AND ${large}`)).toEqual([tagged, large]);
  expect(tagOf(tagged)).toBe('a " AND size > "1mb');
  expect(filterOf(tagged, large)).toBe(false);
  expect(filterOf(`(name = "x" AND ${large} OR tags EXISTS)`, large)).toBe(false);
  expect(filterOf(`${large} AND name = "x" OR tags EXISTS`, large)).toBe(false);
  const either = "private = true OR size > 5";
  expect(withConditions(either, none, [large])).toBe(`(${either}) AND ${large}`);
});

describe("a filter of custom metadata writes and reads", () => {
  const field = '"customMetadata.own"';
  const parses = (type: "Text" | "Number" | "Date" | "MultiSelect", [condition]: readonly string[]) => {
    const customFields: CustomFields = new Map([["own", type]]);
    expect(() => parseSearchQuery(String(condition), { customFields, now: 0 })).not.toThrow();
  };

  test("some of the values that a field may have", () => {
    const hostile = 'a "b", ] AND c';
    const schema = { type: "MultiSelect", selectOptions: [hostile, "x", 7] } as const;
    const filter = customFilter({ id: "1", name: "own", label: "Own", schema } as never);
    const options = filter.kind === "values" ? filter.options : [];
    const conditions = valuesConditions(field, [options[0]?.text ?? "", options[2]?.text ?? ""]);
    const query = withConditions(large, none, conditions);
    expect(valuesIn(query, field)).toEqual([options[0]?.text, "7"]);
    expect(valuesIn(`${field} = "x" AND ${large}`, field)).toEqual(['"x"']);
    expect(valuesIn(query, '"customMetadata.ow"')).toEqual([]);
    expect(valuesConditions(field, [])).toEqual([]);
    parses("MultiSelect", valuesConditions(field, ['"x"', '"y"']));
  });

  test.each([
    ["Number", { from: "1.5", to: "20" }],
    ["Number", { from: "-3", to: "" }],
    ["Date", { from: "2026-01-31", to: "2026-02-01" }],
    ["Date", { from: "", to: "2026-02-01" }],
  ] as const)("bounds of a field of type %s: %j", (type, range) => {
    const conditions = rangeConditions(field, range);
    parses(type, [conditions.join(" AND ")]);
    expect(rangeIn([large, ...conditions].join(" AND "), field)).toEqual(range);
    expect(conditions.every((condition) => isOfFilter(condition, field))).toBe(true);
  });

  test("words", () => {
    const hostile = 'red" OR name = "x\\';
    const conditions = wordsConditions(field, ` ${hostile} `);
    parses("Text", conditions);
    expect(wordsIn(withConditions(large, none, conditions), field)).toBe(hostile);
    expect(wordsConditions(field, " ")).toEqual([]);
  });
});
