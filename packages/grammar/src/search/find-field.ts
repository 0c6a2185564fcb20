import type { CustomFields, CustomFieldType } from "../checks/fields.ts";
import { quote } from "../expressions/expression-error.ts";
import type { Token } from "../expressions/tokenise.ts";
import type { Rules } from "./rules.ts";
import { customMetadataPrefix, customSearchFields, searchFields } from "./search-fields.ts";
import type { SearchField } from "./search-query.ts";
import { SearchQueryError } from "./search-query-error.ts";

/** A field of a query: its operators, and how its conditions name it. */
export interface FoundField {
  readonly rules: Rules<unknown>;
  readonly target:
    | { readonly field: SearchField }
    | { readonly field: "customMetadata"; readonly name: string; readonly type: CustomFieldType };
}

/** @throws SearchQueryError for an unknown field, and for a name with a dot that isn't in quotes */
export function findField({ kind, text, start }: Token, customFields: CustomFields): FoundField {
  const found = text.startsWith(customMetadataPrefix) ? findCustomField(text, start, customFields) : findPlain(text);
  if (found === undefined)
    throw new SearchQueryError(start, `there is no field ${quote(text)}; there are ${allFields}`);
  if (kind === "word" && text.includes(".")) throw new SearchQueryError(start, `${quote(text)} must be in quotes`);
  return found;
}

const allFields = [...Object.keys(searchFields), `${customMetadataPrefix}<name>`].join(", ");

function findPlain(text: string): FoundField | undefined {
  if (!Object.hasOwn(searchFields, text)) return undefined;
  const field = text as SearchField;
  return { rules: searchFields[field], target: { field } };
}

function findCustomField(text: string, start: number, customFields: CustomFields): FoundField {
  const name = text.slice(customMetadataPrefix.length);
  const type = customFields.get(name);
  if (type === undefined) throw new SearchQueryError(start, `there is no custom metadata field ${quote(name)}`);
  return { rules: customSearchFields[type], target: { field: "customMetadata", name, type } };
}
