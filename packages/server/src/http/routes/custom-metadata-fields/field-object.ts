import { type Static, Type } from "typebox";
import type { CustomField } from "../../../library/custom-metadata/field.ts";
import { fieldTypes } from "../../../library/custom-metadata/field-types.ts";

const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const Limit = Type.Union([Type.String(), Type.Number()]);

const FieldSchemaObject = Type.Object({
  type: Type.Enum(Object.keys(fieldTypes)),
  selectOptions: Type.Optional(Type.Array(Scalar)),
  defaultValue: Type.Optional(Type.Union([...Scalar.anyOf, Type.Array(Scalar)])),
  isValueRequired: Type.Optional(Type.Boolean()),
  minValue: Type.Optional(Limit),
  maxValue: Type.Optional(Limit),
  minLength: Type.Optional(Type.Integer()),
  maxLength: Type.Optional(Type.Integer()),
});

/** A custom metadata field as the media API shows it (docs/protocol/media-api.md §2.4). */
export const FieldObject = Type.Object({
  id: Type.String(),
  name: Type.String(),
  label: Type.String(),
  description: Type.Optional(Type.String()),
  schema: FieldSchemaObject,
});

export type FieldObject = Static<typeof FieldObject>;

export function fieldObject({ id, name, label, description, schema }: CustomField): FieldObject {
  return { id, name, label, ...(description === null ? {} : { description }), schema: schema as FieldObject["schema"] };
}
