import { expect, test } from "vitest";
import { parseSearchQuery } from "./parse.ts";
import { searchBounds } from "./search-bounds.ts";
import { searchFields } from "./search-fields.ts";
import { SearchQueryError } from "./search-query-error.ts";
import { sampleOptions } from "./testing/sample-options.ts";

const date = 'a date such as 2026-01-31, or a time such as "2026-01-31T12:00:00"';
const dateOrAge = 'a date such as 2026-01-31, a time such as "2026-01-31T12:00:00", or an age such as 7d';
const area = 'an area: "lat,lon 5km", or two or four corners of a box as "lat,lon | lat,lon"';
const location = `"embeddedMetadata.LocationTaken" =`;

test.each([
  ["", 1, "expected a field or (, found the end"],
  ["AND", 1, `expected a field or (, found "AND"`],
  ["[", 1, `expected a field or (, found "["`],
  [`NOT name = "a"`, 1, `NOT stands after the field, as in name NOT = "a"`],
  [`NOT (name = "a")`, 1, `NOT stands after the field, as in name NOT = "a"`],
  ["name", 5, "expected an operator, found the end"],
  ["name a", 6, `expected an operator, found "a"`],
  ["name =", 7, "expected a name, found the end"],
  ["name = has", 8, `expected a name, found "has"`],
  ["name NOT : a", 10, `expected =, IN or EXISTS after NOT, found ":"`],
  ["name NOT HAS a", 10, `expected =, IN or EXISTS after NOT, found "HAS"`],
  ["name == a", 7, `expected a name, found "="`],
  ["name != a", 6, `expected an operator, found "!"`],
  ["name EXISTS", 6, `"name" takes =, NOT =, IN, NOT IN, :, HAS, not EXISTS`],
  ["tags = a", 6, `"tags" takes IN, NOT IN, HAS, EXISTS, NOT EXISTS, not =`],
  ["format NOT IN [jpg]", 8, `"format" takes =, IN, not NOT IN`],
  ["private NOT = true", 9, `"private" takes =, not NOT =`],
  [`"customMetadata.sizes" = s`, 24, `"customMetadata.sizes" takes IN, NOT IN, EXISTS, NOT EXISTS, not =`],
  [`name HAS "-- !"`, 10, `expected a text with a letter or a number in it, found "-- !"`],
  ["name HAS [a]", 10, `expected a text with a letter or a number in it, found "["`],
  ["name IN a", 9, `expected [, found "a"`],
  ["name IN []", 10, `expected a name, found "]"`],
  ["name IN [a,]", 12, `expected a name, found "]"`],
  ["name IN [a b]", 12, `expected , or ], found "b"`],
  ["name IN [a", 11, "expected , or ], found the end"],
  ["name = [a]", 8, `expected a name, found "["`],
  [`name = "a`, 8, `the string "a" has no closing quote`],
  [`name = 'a"`, 8, `the string "a"" has no closing quote`],
  ["name = a name = b", 10, `expected AND, OR or the end, found "name"`],
  ["(name = a", 10, "expected AND, OR or ), found the end"],
  ["name = a)", 9, `expected AND, OR or the end, found ")"`],
  ["createdAt = yesterday", 13, `expected ${date}, found "yesterday"`],
  ["createdAt = 7d", 13, `expected ${date}, found "7d"`],
  ["createdAt = 2026-02-30", 13, `expected ${date}, found "2026-02-30"`],
  [`createdAt = "2026-02-03T24:00"`, 13, `expected ${date}, found "2026-02-03T24:00"`],
  [`createdAt = "2026-02-03T10:00.5"`, 13, `expected ${date}, found "2026-02-03T10:00.5"`],
  [`createdAt = "0000-01-01T00:00+01:00"`, 13, `expected ${date}, found "0000-01-01T00:00+01:00"`],
  ["createdAt > 7x", 13, `expected ${dateOrAge}, found "7x"`],
  ["createdAt > 9999y", 13, `expected ${dateOrAge}, found "9999y"`],
  ["createdAt > 999999y", 13, `expected ${dateOrAge}, found "999999y"`],
  ["createdAt > 2020-01-01T10:00", 13, `expected ${dateOrAge}, found "2020-01-01T10"`],
  ["width = 1.5", 9, `expected a whole number, found "1.5"`],
  ["width = 1e300", 9, `expected a whole number, found "1e300"`],
  ["size > 10kib", 8, `expected a number of bytes, or one with a unit such as "10kb", found "10kib"`],
  ["size > 1.5", 8, `expected a number of bytes, or one with a unit such as "10kb", found "1.5"`],
  [
    "format = jpeg2000",
    10,
    `expected one of jpg, webp, png, gif, svg, avif, pdf, js, woff2, woff, ttf, otf, eot, css, txt, mp4, webm, mov, swf, ts, m3u8, ico, found "jpeg2000"`,
  ],
  [`private = "true"`, 11, `expected true or false, without quotes, found "true"`],
  ["type = video", 8, `expected file, file-version or folder, found "video"`],
  [`"customMetadata.rank" = high`, 25, `expected a number, found "high"`],
  [`"customMetadata.colour" < red`, 27, `expected a number, found "red"`],
  [`"customMetadata.none" = 1`, 1, `there is no custom metadata field "none"`],
  [`"customMetadata." = 1`, 1, `there is no custom metadata field ""`],
  [`"customMetadata.toString" = 1`, 1, `there is no custom metadata field "toString"`],
  ["customMetadata.rank = 1", 1, `"customMetadata.rank" must be in quotes`],
  ["embeddedMetadata.Keywords IN [a]", 1, `"embeddedMetadata.Keywords" must be in quotes`],
  [`${location} here`, 36, `expected ${area}, found "here"`],
  [`${location} "91,0 5km"`, 36, `expected ${area}, found "91,0 5km"`],
  [`${location} "1,181|1,1"`, 36, `expected ${area}, found "1,181|1,1"`],
  [`${location} "1,1 0km"`, 36, `expected ${area}, found "1,1 0km"`],
  [`${location} "1,1 5"`, 36, `expected ${area}, found "1,1 5"`],
  [`${location} "1,1"`, 36, `expected ${area}, found "1,1"`],
  [`${location} "1,1|2,2|3,3"`, 36, `expected ${area}, found "1,1|2,2|3,3"`],
  [`${location} "0,0|1,1|0,2|2,1"`, 36, `expected ${area}, found "0,0|1,1|0,2|2,1"`],
  [`${location} "0,0|1,1|0,1|1,0|0,0"`, 36, `expected ${area}, found "0,0|1,1|0,1|1,0|0,0"`],
  ["name = \0", 8, "this character can't be part of a text"],
  ["name = '\ud800'", 9, "this character can't be part of a text"],
])("%j is refused at position %d: %s", (text, position, problem) => {
  expect(refusalOf(text)).toMatchObject({ position, problem, message: `position ${position}: ${problem}` });
});

test("an unknown field is told which fields there are", () => {
  for (const name of ["nme", "toString", "Name", `"a b"`]) {
    const { position, problem } = refusalOf(`${name} = 1`);
    expect({ position, problem }).toEqual({
      position: 1,
      problem: `there is no field "${name.replaceAll('"', "")}"; there are ${Object.keys(searchFields).join(", ")}, customMetadata.<name>`,
    });
  }
});

const { characters, depth, conditions, values } = searchBounds;
const nested = (count: number) => `${"(".repeat(count)}id = a${")".repeat(count)}`;
const many = (count: number) => Array(count).fill("id=a").join(" OR ");
const list = (count: number) => `id IN [${Array(count).fill("a").join(",")}]`;

test.each([
  [
    "characters",
    `${"id = a".padEnd(characters)}`,
    ` ${"id = a".padEnd(characters)}`,
    characters + 1,
    `a query has at most ${characters} characters`,
  ],
  ["depth", nested(depth), nested(depth + 1), depth + 1, `parentheses are nested more than ${depth} deep`],
  [
    "conditions",
    many(conditions),
    many(conditions + 1),
    8 * conditions + 1,
    `a query has at most ${conditions} conditions`,
  ],
  ["values", list(values), list(values + 1), 8 + 2 * values, `the conditions of a query have at most ${values} values`],
])("the bound of %s", (_, within, beyond, position, problem) => {
  expect(() => parseSearchQuery(within, sampleOptions)).not.toThrow();
  expect(refusalOf(beyond)).toMatchObject({ position, problem });
});

function refusalOf(text: string): SearchQueryError {
  try {
    parseSearchQuery(text, sampleOptions);
  } catch (error) {
    if (error instanceof SearchQueryError) return error;
    throw error;
  }
  throw new Error(`${text} is not refused`);
}
