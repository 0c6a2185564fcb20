import { SluiceError } from "@sluice/protocol";
import { ParameterProblem } from "../../parameters/parameter.ts";
import { parseList } from "../../parameters/values.ts";

/** Every response field that the protocol knows, and whether this server can answer it (spec/upload-v2.md §5). */
const responseFields = {
  tags: true,
  customCoordinates: true,
  isPrivateFile: true,
  isPublished: true,
  embeddedMetadata: true,
  customMetadata: true,
  metadata: false,
  selectedFieldsSchema: true,
} as const satisfies Record<string, boolean>;

type Supported<Table> = { [Name in keyof Table]: Table[Name] extends true ? Name : never }[keyof Table];
export type ResponseField = Supported<typeof responseFields>;

export function parseResponseFields(text: string): ReadonlySet<ResponseField> {
  const fields = new Set<ResponseField>();
  for (const name of parseList(text)) {
    if (!isKnown(name)) {
      throw new ParameterProblem(`It may list ${Object.keys(responseFields).join(", ")}, not '${name.slice(0, 64)}'.`);
    }
    if (!isSupported(name)) throw new SluiceError("PARAMETER_NOT_SUPPORTED", { parameter: `responseFields ${name}` });
    fields.add(name);
  }
  return fields;
}

function isKnown(name: string): name is keyof typeof responseFields {
  return Object.hasOwn(responseFields, name);
}

function isSupported(name: keyof typeof responseFields): name is ResponseField {
  return responseFields[name];
}
