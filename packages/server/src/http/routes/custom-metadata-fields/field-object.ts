import type { CustomFieldObject } from "@sluice/protocol/schemas";
import type { CustomField } from "../../../library/custom-metadata/field.ts";

export function fieldObject({ description, ...field }: CustomField): CustomFieldObject {
  return { ...field, ...(description !== null && { description }) };
}
