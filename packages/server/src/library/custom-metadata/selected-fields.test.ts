import { expect, test } from "vitest";
import { selectedFieldsSchema } from "./selected-fields.ts";

test("of many options the first hundred are shown, and that there are more", () => {
  const field = (name: string, count: number) => {
    const selectOptions = Array.from({ length: count }, (_, index) => index);
    return { id: name, name, label: name, description: null, schema: { type: "SingleSelect", selectOptions } } as const;
  };
  const { few, many } = selectedFieldsSchema([field("few", 100), field("many", 101)]);
  expect(few).toEqual(field("few", 100).schema);
  expect(many).toEqual({ ...field("many", 100).schema, selectOptionsTruncated: true });
});
