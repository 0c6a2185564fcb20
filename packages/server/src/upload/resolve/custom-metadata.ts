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
import type { ResponseField } from "./parameters/response-fields.ts";
import type { UploadRequest } from "./validate.ts";

/** The custom metadata fields of an account. */
export type FieldsOf = (accountId: string) => Promise<readonly CustomField[]>;

/**
 * For one upload, whose steps ask by themselves: its account's fields are read once, when the first asks, so that
 * all are told the same.
 */
export function fieldsOnce(customFields: Pick<CustomFields, "of">): FieldsOf {
  let reading: Promise<readonly CustomField[]> | undefined;
  return (accountId) => {
    reading ??= customFields.of(accountId);
    return reading;
  };
}

export interface UploadCustomMetadata {
  /** For the version's column, unless the request wants to keep that of the version before. */
  readonly customMetadata: string | null;
  /** The account's fields, where the answer is to describe them. */
  readonly fields: readonly CustomField[];
}

/**
 * Holds the upload's custom metadata against the account's fields, and completes it by the defaults of required ones.
 * An upload that has none asks the database nothing.
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

/** The fields of which the answer is to give the schema: all, since each applies to every folder. */
export async function fieldsToAnswer(
  fieldsOf: FieldsOf,
  accountId: string,
  responseFields: ReadonlySet<ResponseField>,
): Promise<readonly CustomField[]> {
  return responseFields.has("selectedFieldsSchema") ? fieldsOf(accountId) : [];
}
