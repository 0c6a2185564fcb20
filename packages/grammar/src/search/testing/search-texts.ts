import fc, { type Arbitrary } from "fast-check";
import { quoted } from "../../expressions/quoted.ts";
import { formats } from "../formats.ts";
import type { SearchOperator } from "../operators.ts";
import { customMetadataPrefix, customSearchFields, searchFields } from "../search-fields.ts";
import type { SearchField } from "../search-query.ts";
import { sampleOptions } from "./sample-options.ts";

const single = (text: string): string => (text.includes("'") ? quoted(text) : `'${text.replaceAll("\\", "\\\\")}'`);

const string = (text: Arbitrary<string>): Arbitrary<string> =>
  fc.tuple(text, fc.boolean()).map(([value, double]) => (double ? quoted(value) : single(value)));

const text = fc.oneof(
  fc.constantFrom("red", "Red-shoe.JPG", "123", "true", "-x", "a.b"),
  string(
    fc.constantFrom("", "A red shoe", "AND", 'say "hi"', "a'b", "\\", "C:\\d", "é\n", "e\u0301", "赤い靴", "हिन्दी"),
  ),
);
const words = string(fc.constantFrom("red", "Red SHOE", "a-b_c d", "ΟΔΟΣ", "赤い靴", "e\u0301", "x".repeat(99)));
const path = fc.oneof(string(fc.constantFrom("/", "", "/a/b/", "a//b", "/é")), fc.constantFrom("marketing", "/a/b"));
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map(String);
const count = fc.oneof(fc.integer({ min: -9, max: 99_999 }).map(String), fc.constantFrom("1e3", '"12"', "-0"));
const size = fc.oneof(count, fc.constantFrom("10kb", '"1.5MB"', "'2 gb'", '"0.3kb"'));
const date = fc.oneof(
  fc.constantFrom("2020-01-01", '"0000-01-01"', "9999-12-31", "'2024-02-29'", '"2020-01-01T10:00"'),
  fc.constantFrom('"2020-01-01T10:00:05"', '"9999-12-31T23:59:59.999"', '"2020-06-01T10:00+02:00"'),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((time) => quoted(time.toISOString())),
);
const age = fc.tuple(fc.nat({ max: 2000 }), fc.constantFrom("h", "D", "w", "m", "y")).map((parts) => parts.join(""));
const boolean = fc.constantFrom("true", "false");
const option = fc.oneof(text, number, boolean);
const degrees = fc.tuple(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.double({ min: -180, max: 180, noNaN: true }),
);
const area = fc
  .oneof(
    fc.tuple(degrees, fc.constantFrom("5km", "0.3 mi", "1e7m", "100 ft")).map(([at, radius]) => `${at} ${radius}`),
    fc.tuple(degrees, degrees).map((corners) => corners.join(" | ")),
    fc
      .tuple(degrees, degrees)
      .map(([[south, west], [north, east]]) => `${south},${west}|${north},${west}|${north},${east}|${south},${east}`),
  )
  .map(quoted);

const dated = { equal: date, ordered: fc.oneof(date, age) };
const equal = (values: Arbitrary<string>) => ({ equal: values, ordered: values });

/** The notations of a field's values, by the operators that take them. `HAS` takes words for every field. */
interface Values {
  readonly equal: Arbitrary<string>;
  readonly ordered: Arbitrary<string>;
}

const plainValues = {
  name: equal(text),
  tags: equal(text),
  type: equal(fc.constantFrom("file", '"file-version"', "Folder")),
  id: equal(text),
  path: equal(path),
  createdAt: dated,
  updatedAt: dated,
  width: equal(count),
  height: equal(count),
  size: equal(size),
  duration: equal(number),
  bitRate: equal(count),
  videoCodec: equal(text),
  audioCodec: equal(text),
  format: equal(fc.constantFrom(...formats, '"PNG"')),
  private: equal(boolean),
  published: equal(boolean),
  transparency: equal(boolean),
  createdBy: equal(text),
  "embeddedMetadata.Keywords": equal(text),
  "embeddedMetadata.DateTimeOriginal": dated,
  "embeddedMetadata.LocationTaken": equal(area),
} as const satisfies Record<SearchField, Values>;

const customValues = {
  Text: equal(text),
  Textarea: equal(text),
  Number: equal(number),
  Date: dated,
  Boolean: equal(boolean),
  SingleSelect: { equal: option, ordered: number },
  MultiSelect: equal(option),
} as const satisfies Record<keyof typeof customSearchFields, Values>;

interface Field {
  readonly name: string;
  readonly operators: readonly SearchOperator[];
  readonly values: Values;
}

const operatorsOf = (rules: object) => Object.keys(rules) as SearchOperator[];

const fields: readonly Field[] = [
  ...Object.entries(searchFields).map(([name, rules]) => ({
    name: name.includes(".") ? quoted(name) : name,
    operators: operatorsOf(rules),
    values: plainValues[name as SearchField],
  })),
  ...[...sampleOptions.customFields].map(([name, type]) => ({
    name: quoted(`${customMetadataPrefix}${name}`),
    operators: operatorsOf(customSearchFields[type]),
    values: customValues[type],
  })),
];

/** One valid condition. */
const conditionText: Arbitrary<string> = fc.constantFrom(...fields).chain(({ name, operators, values }) =>
  fc.constantFrom(...operators).chain((operator) => {
    const spelling = fc.constantFrom(operator, operator.toLowerCase());
    return fc.tuple(spelling, writtenValue(operator, values)).map(([spelled, value]) => `${name} ${spelled} ${value}`);
  }),
);

function writtenValue(operator: SearchOperator, { equal: value, ordered }: Values): Arbitrary<string> {
  switch (operator) {
    case "EXISTS":
    case "NOT EXISTS":
      return fc.constant("");
    case "HAS":
      return words;
    case "IN":
    case "NOT IN":
      return fc.array(value, { minLength: 1, maxLength: 4 }).map((all) => `[${all.join(" , ")}]`);
    case "=":
    case "NOT =":
      return value;
    case ":":
      return value === path ? path : text;
    default:
      return ordered;
  }
}

/** Generates whole queries. */
export const searchText: Arbitrary<string> = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    conditionText,
    fc.tuple(tie("query"), fc.constantFrom(" AND ", " or ", "\nand\t"), tie("query")).map((parts) => parts.join("")),
    tie("query").map((inner) => `( ${inner})`),
  ),
})).query;

const fragments = fc.constantFrom(
  ...`" ' ( ) [ ] , = < <= : NOT IN HAS EXISTS AND OR name tags 'size' 1 1mb "7d" 7d 2020-01-01 true \\ x`.split(" "),
  `"customMetadata.rank"`,
  `"embeddedMetadata.LocationTaken" = "1,1 1km`,
  " ",
  "\0",
  "\ud800",
  "\u{1f600}",
);

/** Anything that a caller can send. */
export const hostileSearch: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.array(fragments, { maxLength: 30 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(searchText, fc.nat(), fc.nat({ max: 9 }), fragments)
      .map(([query, place, removed, inserted]) => {
        const at = place % (query.length + 1);
        return query.slice(0, at) + inserted + query.slice(at + removed);
      }),
  },
);

/** Texts that grow with a number. Each repeats another part of the language. */
export const repeatedSearch: readonly (readonly [string, (count: number) => string])[] = [
  ["values", (count) => `name IN [${"a,".repeat(count)}a]`],
  ["values that are the same day", (count) => `createdAt IN [${"2020-01-01,".repeat(count)}2020-01-02]`],
  ["words", (count) => `name HAS "${"a ".repeat(count)}"`],
  ["ideographs", (count) => `name HAS "${"赤".repeat(count)}"`],
  ["a long word", (count) => `name HAS "${"ß".repeat(count)}"`],
  ["separators", (count) => `name HAS "${"-".repeat(count)}"`],
  ["opening parentheses", (count) => "(".repeat(count)],
  ["closing parentheses", (count) => `tags EXISTS${")".repeat(count)}`],
  ["quotes", (count) => `name = ${'"'.repeat(count)}`],
  ["backslashes", (count) => `name = "${"\\".repeat(count)}`],
  ["a string", (count) => `name = "${"a\\\\".repeat(count)}"`],
  ["space", (count) => `name${" ".repeat(count)}= a${"\n".repeat(count)}x`],
  ["digits", (count) => `size = ${"1".repeat(count)}x`],
  ["decimals", (count) => `size = "1.${"1".repeat(count)}x"`],
  ["slashes", (count) => `path : "${"/".repeat(count)}"`],
  ["folders", (count) => `path : "${"/a".repeat(count)}"`],
  ["operators", (count) => `size ${"<".repeat(count)}`],
  ["NOT", (count) => `name ${"NOT ".repeat(count)}`],
  ["an age", (count) => `createdAt > ${"1".repeat(count)}d`],
  ["a fraction of a second", (count) => `createdAt > "2020-01-01T10:00:00.${"1".repeat(count)}"`],
  ["points", (count) => `"embeddedMetadata.LocationTaken" = "${"1,1|".repeat(count)}1,1"`],
  ["a coordinate", (count) => `"embeddedMetadata.LocationTaken" = "1.${"1".repeat(count)},1 5km"`],
  ["space in an area", (count) => `"embeddedMetadata.LocationTaken" = "1,1${" ".repeat(count)}5"`],
  ["combining marks", (count) => `name = "a${"\u0301".repeat(count)}"`],
];
