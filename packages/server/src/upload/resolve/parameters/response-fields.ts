import { type StoredOnRequest, shownOnRequest } from "../../../library/details/stored-columns.ts";
import { parseList } from "../../../library/parameters/values.ts";
import { ParameterProblem } from "../../../text/parameter.ts";

/** Response fields that are not stored parameters (docs/protocol/upload.md §5). */
const otherFields = ["embeddedMetadata", "customMetadata", "metadata", "selectedFieldsSchema"] as const;

export type ResponseField = StoredOnRequest | (typeof otherFields)[number];

const responseFields: readonly string[] = [...Object.keys(shownOnRequest), ...otherFields];

export function parseResponseFields(text: string): ReadonlySet<ResponseField> {
  const fields = new Set<ResponseField>();
  for (const name of parseList(text)) {
    if (!isKnown(name)) {
      throw new ParameterProblem(`It may list ${responseFields.join(", ")}, not '${name.slice(0, 64)}'.`);
    }
    fields.add(name);
  }
  return fields;
}

function isKnown(name: string): name is ResponseField {
  return responseFields.includes(name);
}
