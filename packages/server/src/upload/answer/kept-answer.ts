import { hash } from "node:crypto";
import type { AssetRow } from "../../database/repositories/assets.ts";
import type { VersionChange } from "../../database/repositories/versions.ts";
import type { ExtensionStatuses } from "../../extensions/extension.ts";
import type { CustomField } from "../../library/custom-metadata/field.ts";
import { selectedFieldsSchema } from "../../library/custom-metadata/selected-fields.ts";
import { changeableColumns, columnsOfUpload, fieldOfColumn } from "../../library/details/stored-columns.ts";
import type { ResponseField } from "../resolve/parameters/response-fields.ts";
import type { UploadRequest } from "../resolve/validate.ts";
import type { AnswerContext } from "./respond.ts";

/*
 * Whoever holds a token may ask for its upload's answer, for more than a day, and must not learn what others have made of
 * the file since. What can change of an answer is therefore kept with the token: the columns below, as far as the answer
 * showed them, and the statuses of extensions. All else never changes: it is read from the version.
 */

/**
 * Columns that can change, and their value in an answer that keeps nothing of them. The name, which is always kept, and
 * the folder change when a file is moved; no answer shows `object_version`.
 */
const changeable = {
  ...changeableColumns,
  folder_path: "/",
  ai_tags: null,
  custom_metadata: null,
} as const satisfies Pick<AssetRow, Exclude<keyof VersionChange, "object_version"> | "folder_path">;

type Changeable = keyof typeof changeable;

/** Of those, the ones that an answer shows on request. */
const onRequest: ReadonlyMap<string, ResponseField> = new Map([
  ...fieldOfColumn,
  ["custom_metadata", "customMetadata"],
]);

/** What is to be kept of an answer beside its version's columns: plain data, for the upload's transaction. */
export interface AnswerToKeep {
  readonly responseFields: ReadonlySet<ResponseField>;
  readonly extensionStatus?: ExtensionStatuses | undefined;
  /** Of the fields whose schema the answer showed. */
  readonly fieldsDigest?: string | undefined;
}

interface KeptAnswer extends Partial<Pick<AssetRow, Changeable>> {
  readonly name: string;
  readonly extensionStatus?: ExtensionStatuses | undefined;
  readonly fieldsDigest?: string | undefined;
}

export function answerToKeep(
  responseFields: ReadonlySet<ResponseField>,
  { fields, extensionStatus }: Pick<AnswerContext, "fields" | "extensionStatus">,
): AnswerToKeep {
  return {
    responseFields,
    ...(extensionStatus !== undefined && { extensionStatus }),
    ...(responseFields.has("selectedFieldsSchema") && { fieldsDigest: digestOfFields(fields) }),
  };
}

/** As short as can be: it is written with every upload. */
export function keepAnswer(asset: AssetRow, { responseFields, extensionStatus, fieldsDigest }: AnswerToKeep): string {
  const columns = (Object.keys(changeable) as Changeable[]).filter((column) => {
    const field = onRequest.get(column);
    return asset[column] !== changeable[column] && (field === undefined || responseFields.has(field));
  });
  const kept: KeptAnswer = {
    name: asset.name,
    ...Object.fromEntries(columns.map((column) => [column, asset[column]])),
    extensionStatus,
    fieldsDigest,
  };
  return JSON.stringify(kept);
}

export interface RecalledAnswer {
  /** The version as the answer showed it. */
  readonly asset: AssetRow;
  readonly extensionStatus?: ExtensionStatuses | undefined;
  /** Whether the account's fields are still those that the answer described. */
  describes(fields: readonly CustomField[]): boolean;
}

export function recallAnswer(asset: AssetRow, kept: string): RecalledAnswer {
  const { extensionStatus, fieldsDigest, ...columns } = JSON.parse(kept) as KeptAnswer;
  return {
    asset: { ...asset, ...changeable, ...columns },
    extensionStatus,
    describes: (fields) => fieldsDigest === digestOfFields(fields),
  };
}

/**
 * For an upload of which an earlier version of this program has kept nothing. Unless the version has been changed since,
 * it is as it was answered; else the answer shows what the token itself asked for.
 */
export function answerAsAsked(asset: AssetRow, request: UploadRequest): RecalledAnswer {
  const asked = {
    ...changeable,
    ...columnsOfUpload(request, undefined),
    folder_path: request.folder,
    custom_metadata: request.customMetadata === undefined ? null : JSON.stringify(request.customMetadata),
  };
  const isUnchanged = asset.updated_at === asset.created_at;
  return { asset: isUnchanged ? asset : { ...asset, ...asked }, describes: () => false };
}

/** The schema itself may be long, and is the same for most uploads. */
function digestOfFields(fields: readonly CustomField[]): string {
  return hash("sha256", JSON.stringify(selectedFieldsSchema(fields)), "base64url");
}
