import type { Principal } from "../../accounts/authenticate.ts";
import {
  applyCustomMetadata,
  checkCustomMetadata,
  excessError,
  excessOf,
  requiredDefaults,
} from "../../library/custom-metadata/check-values.ts";
import type { CustomFields } from "../../library/custom-metadata/custom-fields.ts";
import { type CustomField, writeCustomMetadata } from "../../library/custom-metadata/field.ts";
import type { ResponseField } from "./parameters/table.ts";
import type { UploadRequest } from "./validate.ts";

/** The custom metadata fields of an account. */
export type FieldsOf = (accountId: string) => Promise<readonly CustomField[]>;

/**
 * Caches the account's fields for one upload, whose steps ask independently. The fields are read once, when the first
 * step asks, so that every step sees the same ones.
 */
export function fieldsOnce(customFields: Pick<CustomFields, "of">): FieldsOf {
  let reading: Promise<readonly CustomField[]> | undefined;
  return (accountId) => {
    reading ??= customFields.of(accountId);
    return reading;
  };
}

interface UploadCustomMetadata {
  /** The version's column, unless the request keeps the value of the version before. */
  readonly customMetadata: string | null;
  /** The account's fields, where the answer is to describe them. */
  readonly fields: readonly CustomField[];
}

/**
 * Checks the upload's custom metadata against the account's fields, and adds the defaults of required fields. An upload
 * without custom metadata asks the database nothing, unless its answer gives the fields' schema.
 * @throws SluiceError CUSTOM_METADATA_INVALID, TOO_MANY_CUSTOM_VALUES
 */
export async function resolveCustomMetadata(
  fieldsOf: FieldsOf,
  { accountId, customMetadataDefaults = null }: Principal,
  { customMetadata, responseFields }: Pick<UploadRequest, "customMetadata" | "responseFields">,
): Promise<UploadCustomMetadata> {
  if (customMetadata === undefined) {
    return {
      customMetadata: customMetadataDefaults,
      fields: await fieldsToAnswer(fieldsOf, accountId, responseFields),
    };
  }
  const fields = await fieldsOf(accountId);
  const values = applyCustomMetadata({}, checkCustomMetadata(fields, customMetadata), requiredDefaults(fields));
  const excess = excessOf(values);
  if (excess !== undefined) throw excessError(excess);
  return { customMetadata: writeCustomMetadata(values), fields };
}

/** The fields whose schema the answer gives: all fields of the account, since each applies to every folder. */
export async function fieldsToAnswer(
  fieldsOf: FieldsOf,
  accountId: string,
  responseFields: ReadonlySet<ResponseField>,
): Promise<readonly CustomField[]> {
  return responseFields.has("selectedFieldsSchema") ? fieldsOf(accountId) : [];
}
