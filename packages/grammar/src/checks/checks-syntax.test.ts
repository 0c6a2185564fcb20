import { expect, test } from "vitest";
import { ChecksError } from "./checks-error.ts";
import { parseChecks } from "./parse.ts";
import { sampleFields } from "./testing/sample-facts.ts";

const nested = (depth: number): string => `${"(".repeat(depth)}"file.size" < 1${")".repeat(depth)}`;

test.each([
  ["", 1, `expected a field in quotes or (, found the end`],
  ["  ", 3, `expected a field in quotes or (, found the end`],
  [`file.size < 1`, 1, `expected a field in quotes or (, found "file.size"`],
  [`"file.size" < 1mb`, 15, `"1mb" must be in quotes`],
  [
    `"file.size" < "1xb"`,
    15,
    `expected a number of bytes, or a quoted one with a unit such as "10kb" or "1MB", found "1xb"`,
  ],
  [`"file.size"`, 12, "expected an operator, found the end"],
  [`"file.size" 1`, 13, `expected an operator, found "1"`],
  [
    `"file.size" <`,
    14,
    `expected a number of bytes, or a quoted one with a unit such as "10kb" or "1MB", found the end`,
  ],
  [`"file.size" < 1 AND`, 20, "expected a field in quotes or (, found the end"],
  [`"file.size" < 1 OR OR "file.size" < 2`, 20, `expected a field in quotes or (, found "OR"`],
  [`"file.size" < 1 "file.size" < 2`, 17, `expected AND, OR or the end, found "file.size"`],
  [`"file.size" < 1)`, 16, `expected AND, OR or the end, found ")"`],
  [`("file.size" < 1`, 17, "expected AND, OR or ), found the end"],
  [`()`, 2, `expected a field in quotes or (, found ")"`],
  [`"file.size" < "1`, 15, `the string "1" has no closing quote`],
  [String.raw`"file.size" < "1\"`, 15, String.raw`the string "1\"" has no closing quote`],
  [`"file.colour" = "red"`, 1, `there is no field "file.colour"`],
  [`"toString" = "red"`, 1, `there is no field "toString"`],
  [`"request.customMetadata.toString" = "red"`, 1, `there is no field "request.customMetadata.toString"`],
  [`"request.customMetadata." = "red"`, 1, `there is no field "request.customMetadata."`],
  [`"file.size" NOT = 1`, 13, "file.size takes =, <, <=, >, >=, not NOT ="],
  [`"file.size" IN [1]`, 13, "file.size takes =, <, <=, >, >=, not IN"],
  [`"file.mime" < "a"`, 13, "file.mime takes =, NOT =, :, IN, NOT IN, not <"],
  [`"request.isPublished" IN [true]`, 23, "request.isPublished takes =, NOT =, not IN"],
  [`"request.isPublished" = yes`, 25, `expected true or false, found "yes"`],
  [`"request.tags" = "a"`, 16, "request.tags takes IN, NOT IN, not ="],
  [`"mediaMetadata.width" = wide`, 25, `expected a number, found "wide"`],
  [`"mediaMetadata.width" = 0x10`, 25, `"0x10" must be in quotes`],
  [`"mediaMetadata.width" = "1e999"`, 25, `expected a number, found "1e999"`],
  [
    `"request.customMetadata.taken" = "2026-02-30"`,
    34,
    `expected a date such as 2026-01-31 or 2026-01-31T12:00:00, found "2026-02-30"`,
  ],
  [
    `"request.customMetadata.taken" = "yesterday"`,
    34,
    `expected a date such as 2026-01-31 or 2026-01-31T12:00:00, found "yesterday"`,
  ],
  [`"file.mime" IN "image/png"`, 16, `expected [, found "image/png"`],
  [`"file.mime" IN []`, 17, `expected a text, found "]"`],
  [`"file.mime" IN ["a",]`, 21, `expected a text, found "]"`],
  [`"file.mime" IN ["a" "b"]`, 21, `expected , or ], found "b"`],
  [`"file.mime" IN ["a"`, 20, "expected , or ], found the end"],
  [`"file.mime" = ["a"]`, 15, `expected a text, found "["`],
  [`"file.mime" NOT : "a"`, 17, `expected = or IN, found ":"`],
  [`"file.mime" NOT "a"`, 17, `expected = or IN, found "a"`],
  [`"file.mime" = and`, 15, `expected a text, found "and"`],
  [`"file.mime" != "a"`, 13, `expected an operator, found "!"`],
  [`"file.mime" == "a"`, 14, `expected a text, found "="`],
  [`NOT "file.mime" = "a"`, 1, `expected a field in quotes or (, found "NOT"`],
  [nested(65), 65, "parentheses are nested more than 64 deep"],
])("%s is refused at position %d: %s", (text, position, problem) => {
  const error = thrownBy(() => parseChecks(text, sampleFields));
  expect(error).toBeInstanceOf(ChecksError);
  expect(error).toMatchObject({ position, problem, message: `position ${position}: ${problem}` });
});

test("what isn't refused", () => {
  expect(() => parseChecks(nested(64))).not.toThrow();
});

test("an account's fields are its own", () => {
  const text = `"request.customMetadata.title" = "a"`;
  expect(() => parseChecks(text, sampleFields)).not.toThrow();
  expect(() => parseChecks(text)).toThrow(ChecksError);
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
