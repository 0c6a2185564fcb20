import { expect, test } from "vitest";
import { embeddedFacts } from "./embedded-facts.ts";
import { termsOfCustomMetadata } from "./entry.ts";
import { formatOf } from "./formats.ts";
import { customTerms, sortable, tagTerm } from "./terms.ts";

test("texts of numbers are in the order of the numbers", () => {
  const numbers = [Number.MIN_SAFE_INTEGER, -2.5, -1, -1e-9, 0, 1e-300, 0.1, 1, 2, 10, 1e15, Number.MAX_VALUE];
  const texts = numbers.map(sortable);
  expect(texts.toSorted()).toEqual(texts);
  expect(new Set(texts).size).toBe(texts.length);
  expect(sortable(-0)).toBe(sortable(0));
});

test("long texts that begin alike have terms of their own, which fit into a key", () => {
  const terms = ["a", "b"].map((end) => tagTerm("🎉".repeat(400) + end));
  expect(terms[0]).not.toBe(terms[1]);
  for (const term of terms) expect(Buffer.byteLength(term)).toBeLessThan(2000);
});

test("a term has only what both databases can store", () => {
  expect(tagTerm("a\0b\ud800")).toBe("t:ab\ufffd");
});

test.each([
  ["picture", "image/jpeg", "a.png", "jpg"],
  ["picture", "image/tiff", "a.png", null],
  ["other", "text/plain; charset=utf-8", "a.JS", "js"],
  ["other", "application/octet-stream", "css", null],
  ["other", "application/octet-stream", "a.b", null],
  ["document", "application/pdf", "a", "pdf"],
] as const)("a file (%s) of type %s called %s has the format %s", (kind, mime, name, format) => {
  expect(formatOf({ kind, mime, name })).toBe(format);
});

test("a custom value is written as all that its field may mean", () => {
  const json = JSON.stringify({ n: "05", d: "2020-01-01", l: ["Big", 3], e: "", f: false });
  const { values, terms } = termsOfCustomMetadata(json);
  expect(values).toEqual([
    { field: "n", text: "05", words: " 05", number: 5, time: null },
    { field: "d", text: "2020-01-01", words: " 2020 01 01", number: null, time: Date.UTC(2020) },
    { field: "l", text: null, words: null, number: null, time: null },
    { field: "f", text: "false", words: null, number: null, time: null },
  ]);
  expect(terms).toContain(customTerms.number("n", 5));
  expect(terms).toContain(customTerms.text("l", "Big"));
  expect(terms).toContain(customTerms.number("l", 3));
});

test("embedded metadata of any shape give what searches ask for, or nothing", () => {
  const facts = { Keywords: ["a", 1, "a"], DateTimeOriginal: "2024-05-01T10:00:00.250Z", GPSLatitude: -48.5 };
  expect(embeddedFacts(JSON.stringify({ ...facts, GPSLongitude: 16.25 }))).toMatchObject({
    columns: { taken_at: Date.UTC(2024, 4, 1, 10, 0, 0, 250), latitude: -48.5, longitude: 16.25 },
    keywords: ["a"],
    terms: ["g:0415:1962"],
  });
  const odd = { Keywords: {}, DateTimeOriginal: "soon", GPSLatitude: 95, GPSLongitude: "x" };
  expect(embeddedFacts(JSON.stringify(odd))).toEqual({ columns: { taken_at: null }, keywords: [], terms: [] });
});
