import { Type } from "typebox";
import { nullable, type Shape } from "./shape.ts";

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

const DefaultValue = Type.Union([...Scalar.anyOf, Type.Array(Scalar)]);
const Required = Type.Boolean({ description: "Whether an asset without a value gets the default value." });
const Length = Type.Integer({ description: "In characters." });

const rules = {
  selectOptions: Type.Optional(Type.Array(Scalar)),
  defaultValue: Type.Optional(DefaultValue),
  isValueRequired: Type.Optional(Required),
  minValue: Type.Optional(Limit),
  maxValue: Type.Optional(Limit),
  minLength: Type.Optional(Length),
  maxLength: Type.Optional(Length),
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

const changes = {
  selectOptions: Type.Optional(Type.Array(Scalar)),
  defaultValue: Type.Optional(nullable(DefaultValue)),
  isValueRequired: Type.Optional(nullable(Required)),
  minValue: Type.Optional(nullable(Limit)),
  maxValue: Type.Optional(nullable(Limit)),
  minLength: Type.Optional(nullable(Length)),
  maxLength: Type.Optional(nullable(Length)),
};

/** A change has at least one member. A field's name and type never change. */
export const CustomFieldChange = Type.Object({
  label: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  description: Type.Optional(Type.String({ maxLength: 500 })),
  schema: Type.Optional(
    Type.Object(
      { type: Type.Optional(CustomFieldType), ...changes },
      { description: "Members that are not named stay as they are. null takes a member away." },
    ),
  ),
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
