import type { Extension } from "../../../extensions/extension.ts";
import { parseExtensionsText, parseWebhookUrl } from "../../../extensions/parse/parse-extensions.ts";
import { type StoredOnRequest, shownOnRequest } from "../../../library/details/stored-columns.ts";
import { storedParameters } from "../../../library/details/stored-parameters.ts";
import { parseFolder } from "../../../library/names.ts";
import { parseBoolean, parseCustomMetadata, parseList } from "../../../library/parameters/values.ts";
import type { ParseParameter } from "../../../text/parameter.ts";
import { ParameterProblem } from "../../../text/parameter.ts";
import { parseUploadTransformation } from "./transformation.ts";

/** Response fields that are not stored parameters (docs/protocol/upload.md §5). */
const otherFields = ["embeddedMetadata", "customMetadata", "metadata", "selectedFieldsSchema"] as const;

export type ResponseField = StoredOnRequest | (typeof otherFields)[number];

const responseFields: readonly string[] = [...Object.keys(shownOnRequest), ...otherFields];

function parseResponseFields(text: string): ReadonlySet<ResponseField> {
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

interface Parameter<Value> {
  readonly parse: ParseParameter<Value>;
  /** The value when the parameter is absent. */
  readonly default: Value;
}

function parameter<Value>(parse: ParseParameter<Value>, value: Value): Parameter<Value> {
  return { parse, default: value };
}

const optional = <Value>(parse: ParseParameter<Value>): Parameter<Value | undefined> => parameter(parse, undefined);
const flag = (value: boolean): Parameter<boolean> => parameter(parseBoolean, value);

const { tags, customCoordinates, description, ...otherStored } = storedParameters;

/**
 * Every parameter of an upload beside file, fileName and the credentials, in the order in which they are judged
 * (docs/protocol/upload.md §5).
 */
export const uploadParameters = {
  folder: parameter(parseFolder, "/"),
  useUniqueFileName: flag(true),
  tags,
  ...otherStored,
  customCoordinates,
  responseFields: parameter<ReadonlySet<ResponseField>>(parseResponseFields, new Set()),
  overwriteFile: flag(true),
  overwriteAITags: flag(true),
  overwriteTags: flag(true),
  overwriteCustomMetadata: flag(true),
  overwriteDescription: flag(true),
  description,
  customMetadata: optional(parseCustomMetadata),
  extensions: parameter<readonly Extension[]>(parseExtensionsText, []),
  webhookUrl: optional(parseWebhookUrl),
  transformation: optional(parseUploadTransformation),
  /** The step that evaluates the checks also parses them. */
  checks: optional((text) => text),
} as const satisfies Record<string, Parameter<unknown>>;

type Values<Table extends Record<string, Parameter<unknown>>> = {
  readonly [Name in keyof Table]: Table[Name]["default"] | ReturnType<Table[Name]["parse"]>;
};

export type UploadParameterValues = Values<typeof uploadParameters>;
