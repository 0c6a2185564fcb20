import { LRUCache } from "lru-cache";
import type { CustomMetadataFieldRow } from "../../database/repositories/custom-metadata-fields.ts";
import type { CustomField, FieldSchema } from "./field.ts";

/** The same texts are read again for every upload that has values. In characters. */
const rememberedLength = 256 * 1024;
const schemas = new LRUCache<string, FieldSchema>({
  maxSize: rememberedLength,
  sizeCalculation: (_schema, text) => text.length,
  memoMethod: (text) => JSON.parse(text),
});

export function fieldOf({ id, name, label, description, schema }: CustomMetadataFieldRow): CustomField {
  return { id, name, label, description, schema: schemas.memo(schema) };
}
