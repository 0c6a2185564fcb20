import type { FieldTypeName } from "./field-types.ts";

/** The fields that checks can use (docs/protocol/upload.md §10), apart from an account's custom metadata. */
export const checkFields = {
  "request.fileName": "name",
  "request.folder": "folder",
  "request.customCoordinates": "text",
  "request.webhookUrl": "text",
  "request.useUniqueFileName": "boolean",
  "request.isPrivateFile": "boolean",
  "request.isPublished": "boolean",
  "request.overwriteFile": "boolean",
  "request.overwriteAITags": "boolean",
  "request.overwriteTags": "boolean",
  "request.overwriteCustomMetadata": "boolean",
  "request.tags": "list",
  "file.size": "size",
  "file.mime": "label",
  "mediaMetadata.width": "number",
  "mediaMetadata.height": "number",
  "mediaMetadata.duration": "number",
  "mediaMetadata.bitRate": "number",
  "mediaMetadata.videoCodec": "label",
  "mediaMetadata.audioCodec": "label",
} as const satisfies Record<string, FieldTypeName>;

export const customFieldTypes = {
  Text: "text",
  Textarea: "text",
  Number: "customNumber",
  Date: "customDate",
  Boolean: "boolean",
  SingleSelect: "choice",
  MultiSelect: "choices",
} as const satisfies Record<string, FieldTypeName>;

export type CustomFieldType = keyof typeof customFieldTypes;

/** The types of an account's custom metadata fields, by name. */
export type CustomFields = ReadonlyMap<string, CustomFieldType>;

const customPrefix = "request.customMetadata.";

/** @returns undefined for an unknown field */
export function fieldType(name: string, customFields: CustomFields): FieldTypeName | undefined {
  if (Object.hasOwn(checkFields, name)) return checkFields[name as keyof typeof checkFields];
  if (!name.startsWith(customPrefix)) return undefined;
  const type = customFields.get(name.slice(customPrefix.length));
  return type === undefined ? undefined : customFieldTypes[type];
}
