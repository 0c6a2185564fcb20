import { Type } from "typebox";
import type { Shape } from "./shape.ts";

const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const Limit = Type.Union([Type.String(), Type.Number()]);

export const CustomFieldType = Type.Enum([
  "Text",
  "Textarea",
  "Number",
  "Date",
  "Boolean",
  "SingleSelect",
  "MultiSelect",
]);
export type CustomFieldType = Shape<typeof CustomFieldType>;

const rules = {
  selectOptions: Type.Optional(Type.Array(Scalar)),
  defaultValue: Type.Optional(Type.Union([...Scalar.anyOf, Type.Array(Scalar)])),
  isValueRequired: Type.Optional(
    Type.Boolean({ description: "Whether an asset without a value gets the default value." }),
  ),
  minValue: Type.Optional(Limit),
  maxValue: Type.Optional(Limit),
  minLength: Type.Optional(Type.Integer({ description: "In characters." })),
  maxLength: Type.Optional(Type.Integer({ description: "In characters." })),
};

/** The values that a custom metadata field accepts (docs/protocol/media-api.md §7). */
export const CustomFieldSchema = Type.Object({ type: CustomFieldType, ...rules });
export type CustomFieldSchema = Shape<typeof CustomFieldSchema>;

/** A custom metadata field as the media API shows it (docs/protocol/media-api.md §2.4). */
export const CustomFieldObject = Type.Object({
  id: Type.String(),
  name: Type.String(),
  label: Type.String(),
  description: Type.Optional(Type.String()),
  schema: CustomFieldSchema,
});
export type CustomFieldObject = Shape<typeof CustomFieldObject>;

export const CustomFieldList = Type.Array(CustomFieldObject);

/**
 * The query of `GET /v1/customMetadataFields`. `folderPath` filters nothing out, because every field applies to every
 * folder.
 */
export const CustomFieldListQuery = Type.Object({
  includeDeleted: Type.Optional(Type.Boolean({ default: false })),
  folderPath: Type.Optional(Type.String()),
});

export const NewCustomField = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  label: Type.String({ minLength: 1, maxLength: 255 }),
  description: Type.Optional(Type.String({ maxLength: 500 })),
  schema: CustomFieldSchema,
});

/** A change has at least one member. A field's name and type never change. */
export const CustomFieldChange = Type.Object({
  label: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  description: Type.Optional(Type.String({ maxLength: 500 })),
  schema: Type.Optional(Type.Object({ type: Type.Optional(CustomFieldType), ...rules })),
});

/** The schemas of an account's fields, by the fields' names (docs/protocol/upload.md §11). */
export const SelectedFieldsSchema = Type.Record(
  Type.String(),
  Type.Object({
    ...CustomFieldSchema.properties,
    selectOptionsTruncated: Type.Optional(Type.Literal(true, { description: "Whether there are more options." })),
  }),
);
export type SelectedFieldsSchema = Shape<typeof SelectedFieldsSchema>;
