import { expect, test } from "vitest";
import type { FieldSchema } from "./field.ts";
import { parseFieldSchema, parseFieldSchemaChange } from "./parse-field.ts";

const options = ["small", 30, true];

test.each([
  { type: "Text" },
  { type: "Text", minLength: 2, maxLength: 5, isValueRequired: true, defaultValue: "äöü" },
  { type: "Textarea", maxLength: 0 },
  { type: "Number", minValue: -1.5, maxValue: 0, defaultValue: -1 },
  { type: "Number", minValue: 3, maxValue: 3, isValueRequired: false },
  {
    type: "Date",
    minValue: "2026-01-01",
    maxValue: "2026-12-31T23:59:59Z",
    isValueRequired: true,
    defaultValue: "2026-06-01",
  },
  { type: "Boolean", isValueRequired: true, defaultValue: false },
  { type: "SingleSelect", selectOptions: options, isValueRequired: true, defaultValue: 30 },
  { type: "MultiSelect", selectOptions: options, isValueRequired: true, defaultValue: [true, "small"] },
  { type: "MultiSelect", selectOptions: options, defaultValue: [] },
])("%j is a schema", (schema) => {
  expect(parseFieldSchema(schema)).toEqual({ schema });
});

test.each<[unknown, Record<string, string>]>([
  [undefined, { schema: "should be an object" }],
  [[], { schema: "should be an object" }],
  [{}, { type: "should be one of Text, Textarea, Number, Date, Boolean, SingleSelect, MultiSelect" }],
  [{ type: "TextArea" }, { type: "should be one of Text, Textarea, Number, Date, Boolean, SingleSelect, MultiSelect" }],
  [{ type: "toString" }, { type: "should be one of Text, Textarea, Number, Date, Boolean, SingleSelect, MultiSelect" }],
  // The vendor's own example of errors.
  [
    { type: "Number", minValue: "1000", maxLength: 3 },
    { minValue: "should be of type number", maxLength: "not allowed for this type" },
  ],
  [{ type: "Text", minValue: 1 }, { minValue: "not allowed for this type" }],
  [{ type: "Boolean", selectOptions: [true] }, { selectOptions: "not allowed for this type" }],
  [{ type: "Text", pattern: "a" }, { pattern: "not allowed" }],
  [{ type: "Text", constructor: "a" }, { constructor: "not allowed" }],
  [{ type: "Text", minLength: "1" }, { minLength: "should be of type number" }],
  [{ type: "Text", minLength: 1.5 }, { minLength: "should be a whole number from 0 to 65536" }],
  [{ type: "Text", maxLength: -1 }, { maxLength: "should be a whole number from 0 to 65536" }],
  [{ type: "Text", minLength: 3, maxLength: 2 }, { minLength: "should not be greater than maxLength" }],
  [{ type: "Number", minValue: 3, maxValue: 2 }, { minValue: "should not be greater than maxValue" }],
  [{ type: "Number", minValue: Infinity }, { minValue: "should be of type number" }],
  [{ type: "Date", minValue: 3 }, { minValue: "should be an ISO 8601 date" }],
  [
    { type: "Date", minValue: "2026-12-01", maxValue: "2026-11-01" },
    { minValue: "should not be greater than maxValue" },
  ],
  [{ type: "Text", isValueRequired: "true" }, { isValueRequired: "should be of type boolean" }],
  [{ type: "Text", isValueRequired: true }, { defaultValue: "is required when isValueRequired is true" }],
  [{ type: "Text", isValueRequired: true, defaultValue: "" }, { defaultValue: "should not be empty" }],
  [{ type: "Text", defaultValue: 675 }, { defaultValue: "should be of type string" }],
  [{ type: "Number", defaultValue: "30" }, { defaultValue: "should be of type number" }],
  [{ type: "Number", minValue: 1, maxValue: 3, defaultValue: 4 }, { defaultValue: "should be between 1 and 3" }],
  [
    { type: "Date", minValue: "2026-01-02", defaultValue: "2026-01-01" },
    { defaultValue: "should be at least 2026-01-02" },
  ],
  [{ type: "Text", maxLength: 2, defaultValue: "abc" }, { defaultValue: "should have at most 2 characters" }],
  [{ type: "SingleSelect" }, { selectOptions: "is required for this type" }],
  [{ type: "SingleSelect", selectOptions: [] }, { selectOptions: "should hold 1 to 1000 options" }],
  [
    { type: "SingleSelect", selectOptions: "a" },
    { selectOptions: "should be an array of strings, numbers and booleans" },
  ],
  [
    { type: "SingleSelect", selectOptions: [null] },
    { selectOptions: "should be an array of strings, numbers and booleans" },
  ],
  [{ type: "SingleSelect", selectOptions: ["a", "a"] }, { selectOptions: "should hold each option once" }],
  [{ type: "SingleSelect", selectOptions: [""] }, { selectOptions: "should hold texts of 1 to 255 characters" }],
  [{ type: "SingleSelect", selectOptions: ["a\0"] }, { selectOptions: "should not contain the character U+0000" }],
  [
    { type: "SingleSelect", selectOptions: ["1"], defaultValue: 1 },
    { defaultValue: "should be one of the selectOptions" },
  ],
  [
    { type: "MultiSelect", selectOptions: ["a"], defaultValue: "a" },
    { defaultValue: "should be an array of selectOptions, each at most once" },
  ],
  [
    { type: "MultiSelect", selectOptions: ["a"], isValueRequired: true, defaultValue: [] },
    { defaultValue: "should not be empty" },
  ],
])("%j is none", (schema, errors) => {
  expect(parseFieldSchema(schema)).toEqual({ errors });
});

const limited = { type: "Number", minValue: 1, maxValue: 9, defaultValue: 5, isValueRequired: true } as const;
const choice = { type: "SingleSelect", selectOptions: ["a", "b"], defaultValue: "b", isValueRequired: true } as const;

test.each<[FieldSchema, object, object]>([
  [limited, {}, limited],
  [limited, { minValue: 2 }, { ...limited, minValue: 2 }],
  [limited, { maxValue: null }, { type: "Number", minValue: 1, defaultValue: 5, isValueRequired: true }],
  [limited, { isValueRequired: false }, { ...limited, isValueRequired: false }],
  [limited, { isValueRequired: null, defaultValue: null }, { type: "Number", minValue: 1, maxValue: 9 }],
  [
    { type: "Text", minLength: 1 },
    { maxLength: 3, defaultValue: null },
    { type: "Text", minLength: 1, maxLength: 3 },
  ],
  [{ type: "Date", minValue: "2026-01-01" }, { maxValue: "2026-02-01" }, { minValue: "2026-01-01" }],
  [choice, { selectOptions: ["b", "c"] }, { ...choice, selectOptions: ["b", "c"] }],
  // A field's type counts, not what the change says of it.
  [limited, { type: "Text", minValue: 3 }, { ...limited, minValue: 3 }],
])("%j changed by %j keeps what the change does not name", (current, change, schema) => {
  expect(parseFieldSchemaChange(change, current)).toEqual({ schema: expect.objectContaining(schema) });
  const { schema: changed } = parseFieldSchemaChange(change, current) as { schema: object };
  const named = Object.entries(change).filter(([name, value]) => name !== "type" && value !== null);
  const removed = new Set(Object.keys(change).filter((name) => !named.some(([kept]) => kept === name)));
  const kept = Object.keys(current).filter((name) => name === "type" || !removed.has(name));
  expect(Object.keys(changed).sort()).toEqual([...new Set([...kept, ...named.map(([name]) => name)])].sort());
});

test.each<[FieldSchema, unknown, Record<string, string>]>([
  [limited, [], { schema: "should be an object" }],
  [limited, null, { schema: "should be an object" }],
  [limited, { minLength: 1 }, { minLength: "not allowed for this type" }],
  [limited, { minLength: null }, { minLength: "not allowed for this type" }],
  [limited, { pattern: null }, { pattern: "not allowed" }],
  [limited, { minValue: 10 }, { minValue: "should not be greater than maxValue" }],
  [limited, { maxValue: 4 }, { defaultValue: "should be between 1 and 4" }],
  [limited, { defaultValue: null }, { defaultValue: "is required when isValueRequired is true" }],
  [choice, { selectOptions: ["c"] }, { defaultValue: "should be one of the selectOptions" }],
  [choice, { selectOptions: null }, { selectOptions: "is required for this type" }],
])("%j can't be changed by %j", (current, change, errors) => {
  expect(parseFieldSchemaChange(change, current)).toEqual({ errors });
});
