import { ParameterProblem } from "../../../library/parameters/parameter.ts";
import { parseList } from "../../../library/parameters/values.ts";

/** Every response field that the protocol knows (docs/protocol/upload.md §5). */
const responseFields = [
  "tags",
  "customCoordinates",
  "isPrivateFile",
  "isPublished",
  "embeddedMetadata",
  "customMetadata",
  "metadata",
  "selectedFieldsSchema",
] as const;

export type ResponseField = (typeof responseFields)[number];

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
  return (responseFields as readonly string[]).includes(name);
}
