import { SluiceError } from "@sluice/protocol";
import { type Viewer, viewerOfServer } from "../../access/viewer.ts";
import type { Principal } from "../../accounts/authenticate.ts";
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
import { newId } from "../../text/id.ts";
import type { LibraryDeps } from "../deps.ts";
import { type CustomMetadataExcess, excessOf, isExcess, limitOf, requiredDefaults } from "./check-values.ts";
import { fieldOf } from "./custom-fields.ts";
import { type CustomField, type CustomMetadata, writeCustomMetadata } from "./field.ts";
import {
  checkFieldChange,
  type FieldChange,
  type FieldErrors,
  type NewField,
  parseFieldChange,
  parseFieldSchemaChange,
  parseNewField,
} from "./parse-field.ts";

type ManagingDeps = Pick<LibraryDeps, "database" | "now">;
type Body = Readonly<Record<string, unknown>>;

export async function listFields(
  reader: Connection,
  viewer: Viewer,
  options: { readonly includeDeleted: boolean },
): Promise<CustomField[]> {
  return (await listCustomMetadataFields(reader, viewer, options)).map(fieldOf);
}

/**
 * @throws SluiceError CUSTOM_FIELD_INVALID, CUSTOM_FIELD_NAME_TAKEN, CUSTOM_FIELD_LABEL_TAKEN, TOO_MANY_CUSTOM_FIELDS,
 * TOO_MANY_CUSTOM_FIELDS_EVER, CUSTOM_FIELD_SCHEMAS_TOO_LARGE
 */
export async function createField(deps: ManagingDeps, { accountId }: Principal, body: Body) {
  const now = deps.now();
  const input = { accountId, now, fieldId: newId(now), field: parseNewField(body) };
  const result = await deps.database.run(createCustomField, input);
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
  deps: ManagingDeps,
  { accountId }: Principal,
  fieldId: string,
  body: Body,
): Promise<CustomField> {
  checkFieldChange(body);
  const target = { accountId, fieldId, now: deps.now() };
  const result = await deps.database.run(changeCustomField, { ...target, change: parseFieldChange(body) });
  if (result.outcome === "done") return fieldOf(result.field);
  if (result.outcome === "invalid schema") {
    throw new SluiceError("CUSTOM_FIELD_SCHEMA_INVALID", {}, { errors: result.errors });
  }
  if (isExcess(result.outcome)) throw defaultsError("CUSTOM_FIELD_SCHEMA_INVALID", result.outcome);
  throw refusals[result.outcome]();
}

/** @throws SluiceError CUSTOM_FIELD_NOT_FOUND */
export async function removeField(deps: ManagingDeps, { accountId }: Principal, fieldId: string): Promise<void> {
  const target = { accountId, fieldId, now: deps.now() };
  const { outcome } = await deps.database.run(deleteCustomField, target);
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

/** The largest number of fields of one account, without deleted ones. */
const maxCustomFields = 500;
/** The same with deleted fields, which are kept so that no other field ever gets their names. */
export const maxFieldsEver = 10_000;
/** The largest size of all schemas of an account as JSON, in bytes. All are read again whenever one has changed. */
const maxSchemaBytes = 1024 * 1024;

interface AccountTarget {
  readonly accountId: string;
  readonly now: number;
}

interface CustomFieldTarget extends AccountTarget {
  readonly fieldId: string;
}

type FieldsExcess = CustomMetadataExcess | "schemas too large";
type Refusal<Reason> = { readonly outcome: Reason };
type Done = { readonly outcome: "done"; readonly field: CustomMetadataFieldRow };

/** Locks the account's row, so that names and labels stay unique even if others create a field at the same time. */
export async function createCustomField(
  connection: Connection,
  input: AccountTarget & { readonly fieldId: string; readonly field: NewField },
): Promise<Done | Refusal<"name taken" | "label taken" | "too many" | "too many ever" | FieldsExcess>> {
  const { accountId, now, fieldId, field } = input;
  await lockAccount(connection, { id: accountId });
  const viewer = viewerOfServer(accountId);
  if ((await findCustomMetadataField(connection, viewer, { name: field.name })) !== undefined) {
    return { outcome: "name taken" };
  }
  if ((await findCustomMetadataField(connection, viewer, { label: field.label })) !== undefined) {
    return { outcome: "label taken" };
  }
  if ((await listCustomMetadataFields(connection, viewer)).length >= maxCustomFields) return { outcome: "too many" };
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

type InvalidSchema = Refusal<"invalid schema"> & { readonly errors: FieldErrors };

/**
 * Changes a field. Its new schema is made here, of the schema that the field has under the lock: changes of different
 * members at the same time keep each other's.
 */
export async function changeCustomField(
  connection: Connection,
  input: CustomFieldTarget & { readonly change: FieldChange },
): Promise<Done | InvalidSchema | Refusal<"no field" | "deleted" | "label taken" | FieldsExcess>> {
  const { accountId, fieldId, now, change } = input;
  await lockAccount(connection, { id: accountId });
  const viewer = viewerOfServer(accountId);
  const field = await findCustomMetadataField(connection, viewer, { id: fieldId });
  if (field === undefined) return { outcome: "no field" };
  if (field.deleted_at !== null) return { outcome: "deleted" };
  if (change.label !== undefined) {
    const namesake = await findCustomMetadataField(connection, viewer, { label: change.label });
    if (namesake !== undefined && namesake.id !== fieldId) return { outcome: "label taken" };
  }
  const { schema, ...texts } = change;
  const parsed = schema === undefined ? undefined : parseFieldSchemaChange(schema, fieldOf(field).schema);
  if (parsed !== undefined && "errors" in parsed) return { outcome: "invalid schema", errors: parsed.errors };
  const columns = { ...texts, ...(parsed && { schema: JSON.stringify(parsed.schema) }), updated_at: now };
  await updateCustomMetadataField(connection, fieldId, columns);
  await settleFields(connection, accountId);
  return { outcome: "done", field: { ...field, ...columns } };
}

/**
 * Deletes a field. Its name stays taken, and assets keep their values. If the schemas of all deleted fields would
 * together exceed the limit for those of existing fields, only the type of this field's schema is kept.
 */
export async function deleteCustomField(
  connection: Connection,
  { accountId, fieldId, now }: CustomFieldTarget,
): Promise<Refusal<"done" | "no field">> {
  await lockAccount(connection, { id: accountId });
  const viewer = viewerOfServer(accountId);
  const field = await findCustomMetadataField(connection, viewer, { id: fieldId });
  if (field === undefined || field.deleted_at !== null) return { outcome: "no field" };
  const deletedBytes = await sumDeletedSchemas(connection, accountId);
  const tooLarge = deletedBytes + Buffer.byteLength(field.schema) > maxSchemaBytes;
  const schema = tooLarge ? JSON.stringify({ type: fieldOf(field).schema.type }) : field.schema;
  await updateCustomMetadataField(connection, fieldId, { schema, deleted_at: now, updated_at: now });
  await noteDefaults(connection, accountId, await listCustomMetadataFields(connection, viewer));
  return { outcome: "done" };
}

/**
 * Enforces the limits for all fields of the account. Schemas are limited because a process that receives custom
 * metadata keeps all of them in memory; defaults are limited because each asset without a value gets all of them.
 */
async function settleFields(connection: Connection, accountId: string): Promise<void> {
  const rows = await listCustomMetadataFields(connection, viewerOfServer(accountId));
  const schemaBytes = rows.reduce((sum, { schema }) => sum + Buffer.byteLength(schema), 0);
  if (schemaBytes > maxSchemaBytes) throw new Rollback({ outcome: "schemas too large" });
  const excess = excessOf(await noteDefaults(connection, accountId, rows));
  if (excess !== undefined) throw new Rollback({ outcome: excess });
}

/**
 * Stores the defaults of required fields with the account. Each upload finds them there at no cost, because they are
 * read together with its key pair.
 */
async function noteDefaults(
  connection: Connection,
  accountId: string,
  rows: readonly CustomMetadataFieldRow[],
): Promise<CustomMetadata> {
  const defaults = requiredDefaults(rows.map(fieldOf));
  await updateAccount(connection, accountId, { custom_metadata_defaults: writeCustomMetadata(defaults) });
  return defaults;
}
