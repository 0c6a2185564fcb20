import type { CustomFieldSchema, CustomFieldType } from "@sluice/protocol/schemas";

export type Scalar = string | number | boolean;
export type CustomValue = Scalar | readonly Scalar[];
/** An asset's values by field name. */
export type CustomMetadata = Readonly<Record<string, CustomValue>>;

export type FieldType = CustomFieldType;

/** Describes the values that a custom metadata field takes (docs/protocol/media-api.md §7). */
export type FieldSchema = CustomFieldSchema;

export interface CustomField {
  readonly id: string;
  /** The field's name in the API. No other field can ever get it, even after this field is deleted. */
  readonly name: string;
  /** The field's name for people. Only a deleted field may have the same label. */
  readonly label: string;
  readonly description: string | null;
  readonly schema: FieldSchema;
}

/** Reads values from their stored form: JSON, or null where there are no values. */
export function readCustomMetadata(text: string | null): CustomMetadata {
  return text === null ? {} : (JSON.parse(text) as CustomMetadata);
}

export function writeCustomMetadata(values: CustomMetadata): string | null {
  return Object.keys(values).length === 0 ? null : JSON.stringify(values);
}
