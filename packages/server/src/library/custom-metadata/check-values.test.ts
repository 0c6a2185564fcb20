import { expect, test } from "vitest";
import { applyCustomMetadata, checkCustomMetadata, excessOf, requiredDefaults } from "./check-values.ts";
import type { CustomField, FieldSchema } from "./field.ts";

const selectOptions = ["s", "1", 1, true];
const schemas = {
  text: { type: "Text", minLength: 2, maxLength: 3 },
  area: { type: "Textarea" },
  price: { type: "Number", minValue: 0, maxValue: 10_000 },
  since: { type: "Date", minValue: "2026-01-01" },
  active: { type: "Boolean" },
  size: { type: "SingleSelect", selectOptions },
  sizes: { type: "MultiSelect", selectOptions },
  needed: { type: "Text", isValueRequired: true, defaultValue: "none" },
  many: { type: "MultiSelect", selectOptions, isValueRequired: true, defaultValue: ["s"] },
} as const satisfies Record<string, FieldSchema>;
const fields: CustomField[] = Object.entries(schemas).map(([name, schema]) => ({
  id: name,
  name,
  label: name,
  description: null,
  schema,
}));

test.each<Record<string, unknown>>([
  {},
  { text: "äö", area: "", price: 0, active: false, size: 1, sizes: [true, "1"], needed: "x" },
  { text: "😀😀😀", price: 10_000, since: "2026-01-01T00:00:00+00:00", sizes: [] },
  { text: null, needed: null },
])("%j is valid", (given) => {
  expect(checkCustomMetadata(fields, given)).toEqual(given);
});

test.each<[Record<string, unknown>, Record<string, string>]>([
  [{ unknown: 1 }, { unknown: "Specified custom metadata field does not exist." }],
  [{ toString: null }, { toString: "Specified custom metadata field does not exist." }],
  [{ text: 675 }, { text: "Value must be of type string." }],
  [{ text: "x" }, { text: "Value must have between 2 and 3 characters." }],
  [{ area: "a\0b" }, { area: "Value must not contain the character U+0000." }],
  [{ area: "\ud800" }, { area: "Value must be well-formed Unicode." }],
  [{ price: "30" }, { price: "Value must be of type number." }],
  [{ price: Infinity }, { price: "Value must be of type number." }],
  [{ price: -1 }, { price: "Value must be between 0 and 10000." }],
  [{ since: "2025-12-31" }, { since: "Value must be at least 2026-01-01." }],
  [{ since: 1_767_225_600_000 }, { since: "Value must be an ISO 8601 date." }],
  [{ active: "true" }, { active: "Value must be of type boolean." }],
  [{ active: 0 }, { active: "Value must be of type boolean." }],
  [{ size: "true" }, { size: "Value must be one of the selectOptions." }],
  [{ size: ["s"] }, { size: "Value must be one of the selectOptions." }],
  [{ sizes: "s" }, { sizes: "Value must be an array of selectOptions, each at most once." }],
  [{ sizes: ["s", "s"] }, { sizes: "Value must be an array of selectOptions, each at most once." }],
  [{ sizes: ["s", {}] }, { sizes: "Value must be an array of selectOptions, each at most once." }],
  [
    { needed: "", many: [] },
    { needed: "Value must not be empty.", many: "Value must not be empty." },
  ],
  [
    { price: {}, active: [] },
    { price: "Value must be of type number.", active: "Value must be of type boolean." },
  ],
])("%j is not, and every field says why", (given, errors) => {
  expect(() => checkCustomMetadata(fields, given)).toThrow(
    expect.objectContaining({ reason: "CUSTOM_METADATA_INVALID", errors }),
  );
});

test("a change is merged, null unsets, and a required field gets its default instead", () => {
  const defaults = requiredDefaults(fields);
  expect(defaults).toEqual({ needed: "none", many: ["s"] });
  expect(
    applyCustomMetadata({ text: "ab", needed: "x", old: 1 }, { text: null, needed: null, price: 1 }, defaults),
  ).toEqual({
    old: 1,
    needed: "none",
    many: ["s"],
    price: 1,
  });
});

test("what is unset is gone, whatever its field is called", () => {
  expect(applyCustomMetadata({ constructor: "x", toString: "y" }, { constructor: null, toString: null }, {})).toEqual(
    {},
  );
});

test("an asset holds 1000 values, each item of a list being one, and 64 KiB of them", () => {
  const values = (items: number) => ({ list: Array.from({ length: items }, (_, index) => index), one: 1 });
  expect(excessOf(values(999))).toBeUndefined();
  expect(excessOf(values(1000))).toBe("too many values");
  expect(excessOf({ text: "x".repeat(65_536) })).toBe("too many bytes");
  const message = "An asset can have a maximum of 1000 custom metadata values.";
  expect(() => checkCustomMetadata(fields, values(1000))).toThrow(expect.objectContaining({ message }));
});
