import type { CustomMetadataFieldRow } from "../../database/repositories/custom-metadata-fields.ts";
import type { CustomField } from "./field.ts";

export function fieldOf({ id, name, label, description, schema }: CustomMetadataFieldRow): CustomField {
  return { id, name, label, description, schema: JSON.parse(schema) };
}
