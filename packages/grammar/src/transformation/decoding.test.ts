import { describe, expect, test } from "vitest";
import { parseTransformation } from "./parse.ts";
import { printTransformation } from "./print.ts";

const read = (text: string, form: "path" | "query" = "path"): string =>
  printTransformation(parseTransformation([{ text, form }]));
const textOf = (text: string, form: "path" | "query" = "path"): unknown => {
  const [step] = parseTransformation([{ text, form }]).steps;
  const [layer] = step?.kind === "parameters" ? step.layers : [];
  return layer?.kind === "text" ? layer.text : layer;
};

// docs/protocol/delivery.md §1.2, §1.3
describe("delimiters that a generic query builder has encoded delimit", () => {
  test.each([
    ["w-300%2Ch-200%3Art-90", "w-300,h-200:rt-90"],
    ["w-300%2ch-200%3art-90", "w-300,h-200:rt-90"],
    ["tr%3Aw-300%2Ch-200", "w-300,h-200"],
    ["ar-4%3A3", "ar-4-3"],
    ["di-a%40%40b.png%2Cw-3", "di-a@@b.png,w-3"],
    ["l-image%2Ci-a%40%40b.png%2Cl-end", "l-image,i-a@@b.png,l-end"],
    // The SDK's own encoding inside the query builder's encoding.
    [
      "l-image%2Cie-Y3VzdG9tZXJfbG9nby%252FDkXlrYWEucG5n%2Cl-end",
      "l-image,ie-Y3VzdG9tZXJfbG9nby%2FDkXlrYWEucG5n,l-end",
    ],
  ])("%s", (text, printed) => {
    expect(read(text, "query")).toBe(printed);
    expect(read(text)).toBe(printed);
  });
});

describe("encoded delimiters beside real ones are text", () => {
  test.each([
    ["l-text,i-Hello%2C%20World,l-end", "Hello, World"],
    ["l-text,i-a%3Ab%3A,l-end", "a:b:"],
    ["l-text,i-30%%20off,l-end", "30% off"],
    ["l-text,i-%%41%4,l-end", "%A%4"],
    ["l-text,i-%E0%A4%B9%E0%A4%BF,l-end", "हि"],
    ["l-text,i-é,l-end", "é"],
    ["l-text,i-a@@b,l-end", "a@@b"],
  ])("%s says %s", (text, expected) => {
    expect(textOf(text)).toBe(expected);
  });
});

test("a plus is itself, and a space where the whole query value was encoded", () => {
  expect(textOf("l-text,i-a+b,l-end")).toBe("a+b");
  expect(textOf("l-text,i-a+b,l-end", "query")).toBe("a+b");
  expect(textOf("l-text%2Ci-a+b%2Cl-end", "query")).toBe("a b");
  expect(textOf("l-text%2Ci-a+b%2Cl-end", "path")).toBe("a+b");
});

test.each([
  ["padded", "l-text,ie-Pz8%2Fw7w%3D,l-end"],
  ["not padded", "l-text,ie-Pz8%2Fw7w,l-end"],
  ["in the alphabet of URLs", "l-text,ie-Pz8_w7w=,l-end"],
  ["with a real slash", "l-text,ie-Pz8/w7w=,l-end"],
])("base64 is read %s", (_, text) => {
  expect(textOf(text)).toBe("???ü");
});

test("base64 whose plus a form decoder took is read", () => {
  expect(textOf("l-text%2Cie-Pj4+%2Cl-end", "query")).toBe(">>>");
  expect(textOf("l-text,ie-Pj4 ,l-end")).toBe(">>>");
});

test("ie beats i, wherever they stand", () => {
  expect(textOf("l-text,ie-YWI,i-plain,l-end")).toBe("ab");
  expect(textOf("l-text,co-red:i-later,l-end")).toBe("later");
  expect(textOf("l-text,i-first,i-last,l-end")).toBe("last");
});

test("a block of colour is one whatever slashes are around its name", () => {
  expect(textOf("l-image,i-@@ik_canvas@@,bg-red,l-end")).toMatchObject({ kind: "canvas" });
});

test("an encoded delimiter stays text when it is printed without any other", () => {
  expect(read("di-a%2Cb.png,")).toBe("di-a%2Cb.png,");
  expect(read("di-a%3Ab.png,w-3")).toBe("di-a%3Ab.png,w-3");
});

test("long texts are cut, and never within a character", () => {
  expect(textOf(`l-text,i-${"a".repeat(3000)},l-end`)).toBe("a".repeat(2000));
  expect(textOf(`l-text,i-${"a".repeat(1999)}\u{1f600},l-end`)).toBe("a".repeat(1999));
  expect(textOf(`l-text,ie-${"YWFh".repeat(1000)},l-end`)).toBe("a".repeat(2500));
});

test("the path's transformation comes before the query's", () => {
  const written = [
    { text: "w-300", form: "path" },
    { text: "rt-90%2Cbl-2", form: "query" },
  ] as const;
  expect(printTransformation(parseTransformation(written))).toBe("w-300:bl-2,rt-90");
});
