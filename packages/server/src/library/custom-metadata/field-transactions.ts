import { type Connection, Rollback } from "../../database/database.ts";
import { lockAccount, updateAccount } from "../../database/repositories/accounts.ts";
import {
  type CustomMetadataFieldRow,
  countCustomMetadataFields,
  findCustomMetadataField,
  insertCustomMetadataField,
  listCustomMetadataFields,
  sumDeletedSchemas,
  updateCustomMetadataField,
} from "../../database/repositories/custom-metadata-fields.ts";
import { type CustomMetadataExcess, excessOf, requiredDefaults } from "./check-values.ts";
import { type CustomMetadata, writeCustomMetadata } from "./field.ts";
import { fieldOf } from "./field-row.ts";
import type { FieldChange, NewField } from "./parse-field.ts";

/** That are not deleted, of one account. */
export const maxCustomFields = 500;
/** With the deleted ones, which stay so that their names are never another's. */
export const maxFieldsEver = 10_000;
/** All their schemas together, as JSON: all are read anew whenever one has changed. */
export const maxSchemaBytes = 1024 * 1024;

export interface AccountTarget {
  readonly accountId: string;
  readonly now: number;
}

export interface CustomFieldTarget extends AccountTarget {
  readonly fieldId: string;
}

type FieldsExcess = CustomMetadataExcess | "schemas too large";
type Refusal<Reason> = { readonly outcome: Reason };
type Done = { readonly outcome: "done"; readonly field: CustomMetadataFieldRow };

/** The account's row is locked: names and labels of its fields are unique, whoever else makes one now. */
export async function createCustomField(
  connection: Connection,
  input: AccountTarget & { readonly fieldId: string; readonly field: NewField },
): Promise<Done | Refusal<"name taken" | "label taken" | "too many" | "too many ever" | FieldsExcess>> {
  const { accountId, now, fieldId, field } = input;
  await lockAccount(connection, { id: accountId });
  if ((await findCustomMetadataField(connection, accountId, { name: field.name })) !== undefined) {
    return { outcome: "name taken" };
  }
  if ((await findCustomMetadataField(connection, accountId, { label: field.label })) !== undefined) {
    return { outcome: "label taken" };
  }
  if ((await listCustomMetadataFields(connection, accountId)).length >= maxCustomFields) return { outcome: "too many" };
  if ((await countCustomMetadataFields(connection, accountId)) >= maxFieldsEver) return { outcome: "too many ever" };
  const row: CustomMetadataFieldRow = {
    id: fieldId,
    account_id: accountId,
    name: field.name,
    label: field.label,
    description: field.description,
    schema: JSON.stringify(field.schema),
    created_at: now,
    updated_at: now,
    deleted_at: null,
  };
  await insertCustomMetadataField(connection, row);
  await settleFields(connection, accountId);
  return { outcome: "done", field: row };
}

export async function changeCustomField(
  connection: Connection,
  input: CustomFieldTarget & { readonly change: FieldChange },
): Promise<Done | Refusal<"no field" | "deleted" | "label taken" | FieldsExcess>> {
  const { accountId, fieldId, now, change } = input;
  await lockAccount(connection, { id: accountId });
  const field = await findCustomMetadataField(connection, accountId, { id: fieldId });
  if (field === undefined) return { outcome: "no field" };
  if (field.deleted_at !== null) return { outcome: "deleted" };
  if (change.label !== undefined) {
    const namesake = await findCustomMetadataField(connection, accountId, { label: change.label });
    if (namesake !== undefined && namesake.id !== fieldId) return { outcome: "label taken" };
  }
  const { schema, ...texts } = change;
  const columns = { ...texts, ...(schema === undefined ? {} : { schema: JSON.stringify(schema) }), updated_at: now };
  await updateCustomMetadataField(connection, fieldId, columns);
  await settleFields(connection, accountId);
  return { outcome: "done", field: { ...field, ...columns } };
}

/**
 * Its name stays taken, and assets keep the values they have. Of its schema nothing but the type is left where those of
 * deleted fields would come to more than those of living ones may.
 */
export async function deleteCustomField(
  connection: Connection,
  { accountId, fieldId, now }: CustomFieldTarget,
): Promise<Refusal<"done" | "no field">> {
  await lockAccount(connection, { id: accountId });
  const field = await findCustomMetadataField(connection, accountId, { id: fieldId });
  if (field === undefined || field.deleted_at !== null) return { outcome: "no field" };
  const deletedBytes = await sumDeletedSchemas(connection, accountId);
  const tooLarge = deletedBytes + Buffer.byteLength(field.schema) > maxSchemaBytes;
  const schema = tooLarge ? JSON.stringify({ type: fieldOf(field).schema.type }) : field.schema;
  await updateCustomMetadataField(connection, fieldId, { schema, deleted_at: now, updated_at: now });
  await noteDefaults(connection, accountId, await listCustomMetadataFields(connection, accountId));
  return { outcome: "done" };
}

/** A process that is sent custom metadata keeps all schemas; each asset without a value gets all defaults. */
async function settleFields(connection: Connection, accountId: string): Promise<void> {
  const rows = await listCustomMetadataFields(connection, accountId);
  const schemaBytes = rows.reduce((sum, { schema }) => sum + Buffer.byteLength(schema), 0);
  if (schemaBytes > maxSchemaBytes) throw new Rollback({ outcome: "schemas too large" });
  const excess = excessOf(await noteDefaults(connection, accountId, rows));
  if (excess !== undefined) throw new Rollback({ outcome: excess });
}

/** Kept with the account, where each upload finds them at no cost: its key pair is looked up with them. */
async function noteDefaults(
  connection: Connection,
  accountId: string,
  rows: readonly CustomMetadataFieldRow[],
): Promise<CustomMetadata> {
  const defaults = requiredDefaults(rows.map(fieldOf));
  await updateAccount(connection, accountId, { custom_metadata_defaults: writeCustomMetadata(defaults) });
  return defaults;
}
