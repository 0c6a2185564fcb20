import type { CustomField, FieldSchema } from "./field.ts";

/** What the answer's fields take, by their names (docs/protocol/upload.md §11). */
export type SelectedFieldsSchema = Readonly<Record<string, FieldSchema & { readonly selectOptionsTruncated?: true }>>;

const maxShownOptions = 100;

export function selectedFieldsSchema(fields: readonly CustomField[]): SelectedFieldsSchema {
  return Object.fromEntries(
    fields.map(({ name, schema }) => {
      const { selectOptions = [] } = schema;
      if (selectOptions.length <= maxShownOptions) return [name, schema];
      return [
        name,
        { ...schema, selectOptions: selectOptions.slice(0, maxShownOptions), selectOptionsTruncated: true },
      ];
    }),
  );
}
