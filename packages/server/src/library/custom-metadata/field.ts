import type { CustomFieldSchema, CustomFieldType } from "@sluice/protocol/schemas";

export type Scalar = string | number | boolean;
export type CustomValue = Scalar | readonly Scalar[];
/** An asset's values by the names of their fields. */
export type CustomMetadata = Readonly<Record<string, CustomValue>>;

export type FieldType = CustomFieldType;

/** What a custom metadata field takes (docs/protocol/media-api.md §7). */
export type FieldSchema = CustomFieldSchema;

export interface CustomField {
  readonly id: string;
  /** What the API calls it; never another field's again, even when it is deleted. */
  readonly name: string;
  /** What people call it; no other's unless that one is deleted. */
  readonly label: string;
  readonly description: string | null;
  readonly schema: FieldSchema;
}

/** As they are stored: JSON, or null where there is no value. */
export function readCustomMetadata(text: string | null): CustomMetadata {
  return text === null ? {} : (JSON.parse(text) as CustomMetadata);
}

export function writeCustomMetadata(values: CustomMetadata): string | null {
  return Object.keys(values).length === 0 ? null : JSON.stringify(values);
}
