import fc, { type Arbitrary } from "fast-check";
import { type FieldTypeName, fieldTypes } from "../field-types.ts";
import { checkFields, customFieldTypes } from "../fields.ts";
import { sampleFields } from "./sample-facts.ts";

const word = fc.constantFrom(
  "a",
  "red",
  "image/jpeg",
  "A red shoe",
  "AND",
  "in",
  "",
  'say "hi"',
  "a'b",
  "\\",
  "C:\\d",
  "é\n",
);
const number = fc.oneof(fc.integer({ min: -9, max: 1_000_000 }), fc.double({ noNaN: true, noDefaultInfinity: true }));

function quoted(text: string): string {
  return text.includes("'") || text.length % 2 === 0
    ? `"${text.replaceAll(/["\\]/g, "\\$&")}"`
    : `'${text.replaceAll("\\", "\\\\")}'`;
}

const numberText = number.map((value) => (Math.abs(value) % 2 < 1 ? String(value) : quoted(String(value))));
const wordText = word.map(quoted);
const boolean = fc.constantFrom("true", "false", `"true"`);

const valueTexts = {
  text: wordText,
  name: wordText,
  label: fc.oneof(wordText, fc.constantFrom("image/png", "hevc", "image/svg+xml")),
  folder: fc.constantFrom(`"/"`, `"/a/b/"`, `'a'`, `""`, "marketing"),
  boolean,
  list: wordText,
  size: fc.oneof(numberText, fc.constantFrom(`"10kb"`, `"1.5MB"`, `'2 gb'`)),
  number: numberText,
  customNumber: numberText,
  customDate: fc.constantFrom(`"2026-03-01"`, `'2026-03-01T10:00:00'`, `"0001-01-01"`, `"2024-02-29T23:59:59"`),
  choice: fc.oneof(wordText, numberText, boolean),
  choices: fc.oneof(wordText, numberText, boolean),
} satisfies Record<FieldTypeName, Arbitrary<string>>;

const fields: readonly (readonly [string, FieldTypeName])[] = [
  ...Object.entries(checkFields),
  ...[...sampleFields].map(([name, type]) => [`request.customMetadata.${name}`, customFieldTypes[type]] as const),
];

/** One valid condition. */
const comparisonText: Arbitrary<string> = fc.constantFrom(...fields).chain(([field, type]) => {
  const value = valueTexts[type];
  return fc.constantFrom(...fieldTypes[type].operators).chain((operator) => {
    const isList = operator === "IN" || operator === "NOT IN";
    const written = isList ? fc.array(value, { minLength: 1, maxLength: 3 }).map((all) => `[${all.join(",")}]`) : value;
    return fc
      .tuple(written, fc.constantFrom(operator, operator.toLowerCase(), operator.replace("IN", "has")))
      .map(([right, spelling]) => `${quoted(field)} ${spelling} ${right}`);
  });
});

/** Generates whole expressions. */
export const checksText: Arbitrary<string> = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    comparisonText,
    fc
      .tuple(tie("expression"), fc.constantFrom(" AND ", " or ", "\nand\t"), tie("expression"))
      .map((parts) => parts.join("")),
    tie("expression").map((inner) => `( ${inner})`),
  ),
})).expression;

const fragments = fc.constantFrom(
  ...`" ' ( ) [ ] , = < <= : NOT IN HAS AND OR "file.size" 'request.tags' 1 1mb "1mb" true \\ \\" x`.split(" "),
  " ",
  "\0",
  "\u{1f600}",
);

/** Anything that a caller can send. */
export const hostileChecks: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.array(fragments, { maxLength: 30 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  {
    weight: 3,
    arbitrary: fc.tuple(checksText, fc.nat(), fc.nat({ max: 9 }), fragments).map(([text, place, removed, inserted]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + inserted + text.slice(at + removed);
    }),
  },
);

/** Texts that grow with a number. Each repeats another list of the language. */
export const repeatedChecks: readonly (readonly [string, (count: number) => string])[] = [
  ["conditions", (count) => `${`"file.size" > 1 AND `.repeat(count)}"file.size" > 1`],
  ["alternatives", (count) => `${`"file.size" < 1 OR `.repeat(count)}"file.size" < 1`],
  ["both by turns", (count) => `${`"file.size" > 1 AND "file.size" < 1 OR `.repeat(count)}"file.size" < 1`],
  ["groups", (count) => `${`("file.size" > 1 AND ("file.size" > 2)) AND `.repeat(count)}"file.size" < 1`],
  ["values", (count) => `"request.tags" IN [${"a,".repeat(count)}a]`],
  ["opening parentheses", (count) => "(".repeat(count)],
  ["closing parentheses", (count) => `"file.size" > 1${")".repeat(count)}`],
  ["quotes", (count) => `"file.mime" = ${'"'.repeat(count)}`],
  ["backslashes", (count) => `"file.mime" = "${"\\".repeat(count)}`],
  ["a string without an end", (count) => `"file.mime" = "${"a\\b".repeat(count)}`],
  ["a string", (count) => `"file.mime" = "${"a\\\\".repeat(count)}"`],
  ["space", (count) => `"file.mime"${" ".repeat(count)}= a${"\n".repeat(count)}x`],
  ["digits", (count) => `"file.size" = ${"1".repeat(count)}x`],
  ["decimals", (count) => `"file.size" = ".${"1".repeat(count)}x"`],
  ["a word", (count) => `"file.mime" = ${"a".repeat(count)}!`],
  ["slashes", (count) => `"request.folder" : "${"/".repeat(count)}"`],
  ["operators", (count) => `"file.size" ${"<".repeat(count)}`],
  ["NOT", (count) => `"file.mime" ${"NOT ".repeat(count)}`],
];
