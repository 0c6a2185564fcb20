import type { SelectedFieldsSchema } from "@sluice/protocol/schemas";
import type { CustomField } from "./field.ts";

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
