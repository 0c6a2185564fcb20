import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection } from "../../database/database.ts";
import { listCustomMetadataFields } from "../../database/repositories/custom-metadata-fields.ts";
import { newId } from "../../text/id.ts";
import type { LibraryNeeds } from "../needs.ts";
import { type CustomMetadataExcess, isExcess, limitOf } from "./check-values.ts";
import { fieldOf } from "./custom-fields.ts";
import type { CustomField } from "./field.ts";
import {
  changeCustomField,
  createCustomField,
  deleteCustomField,
  maxCustomFields,
  maxFieldsEver,
  maxSchemaBytes,
} from "./field-transactions.ts";
import { checkFieldChange, parseFieldChange, parseNewField } from "./parse-field.ts";

type ManagingNeeds = Pick<LibraryNeeds, "database" | "now">;
type Body = Readonly<Record<string, unknown>>;

export async function listFields(
  reader: Connection,
  accountId: string,
  options: { readonly includeDeleted: boolean },
): Promise<CustomField[]> {
  return (await listCustomMetadataFields(reader, accountId, options)).map(fieldOf);
}

/**
 * @throws SluiceError CUSTOM_FIELD_INVALID, CUSTOM_FIELD_NAME_TAKEN, CUSTOM_FIELD_LABEL_TAKEN, TOO_MANY_CUSTOM_FIELDS,
 * TOO_MANY_CUSTOM_FIELDS_EVER, CUSTOM_FIELD_SCHEMAS_TOO_LARGE
 */
export async function createField(needs: ManagingNeeds, { accountId }: Principal, body: Body) {
  const now = needs.now();
  const input = { accountId, now, fieldId: newId(now), field: parseNewField(body) };
  const result = await needs.database.run(createCustomField, input);
  if (result.outcome === "done") return fieldOf(result.field);
  if (isExcess(result.outcome)) throw defaultsError("CUSTOM_FIELD_INVALID", result.outcome);
  throw refusals[result.outcome]();
}

/**
 * Changes the label, the description, or everything in the schema but its type.
 * @throws SluiceError as parse-field.ts does, CUSTOM_FIELD_SCHEMA_INVALID, CUSTOM_FIELD_NOT_FOUND,
 * CUSTOM_FIELD_DELETED, CUSTOM_FIELD_LABEL_TAKEN, CUSTOM_FIELD_SCHEMAS_TOO_LARGE
 */
export async function changeField(
  needs: ManagingNeeds,
  { accountId }: Principal,
  fieldId: string,
  body: Body,
): Promise<CustomField> {
  checkFieldChange(body);
  const target = { accountId, fieldId, now: needs.now() };
  const result = await needs.database.run(changeCustomField, { ...target, change: parseFieldChange(body) });
  if (result.outcome === "done") return fieldOf(result.field);
  if (result.outcome === "invalid schema") {
    throw new SluiceError("CUSTOM_FIELD_SCHEMA_INVALID", {}, { errors: result.errors });
  }
  if (isExcess(result.outcome)) throw defaultsError("CUSTOM_FIELD_SCHEMA_INVALID", result.outcome);
  throw refusals[result.outcome]();
}

/** @throws SluiceError CUSTOM_FIELD_NOT_FOUND */
export async function removeField(needs: ManagingNeeds, { accountId }: Principal, fieldId: string): Promise<void> {
  const target = { accountId, fieldId, now: needs.now() };
  const { outcome } = await needs.database.run(deleteCustomField, target);
  if (outcome !== "done") throw refusals[outcome]();
}

const refusals = {
  "name taken": () => new SluiceError("CUSTOM_FIELD_NAME_TAKEN"),
  "label taken": () => new SluiceError("CUSTOM_FIELD_LABEL_TAKEN"),
  "too many ever": () => new SluiceError("TOO_MANY_CUSTOM_FIELDS_EVER", { limit: maxFieldsEver }),
  "too many": () => new SluiceError("TOO_MANY_CUSTOM_FIELDS", { limit: maxCustomFields }),
  "schemas too large": () => new SluiceError("CUSTOM_FIELD_SCHEMAS_TOO_LARGE", { limit: maxSchemaBytes }),
  "no field": () => new SluiceError("CUSTOM_FIELD_NOT_FOUND"),
  deleted: () => new SluiceError("CUSTOM_FIELD_DELETED"),
} as const;

/**
 * The error for a default value that exceeds an asset's limits, alone or with the defaults of other required fields.
 */
function defaultsError(
  reason: "CUSTOM_FIELD_INVALID" | "CUSTOM_FIELD_SCHEMA_INVALID",
  excess: CustomMetadataExcess,
): SluiceError {
  const problem = `should, with the default values of all required fields, be at most ${limitOf(excess)}`;
  return new SluiceError(reason, {}, { errors: { defaultValue: problem } });
}
