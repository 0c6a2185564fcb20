import { hash } from "node:crypto";
import { type AssetRow, updatedAtOf } from "../../database/repositories/assets.ts";
import type { VersionChange } from "../../database/repositories/versions.ts";
import type { ExtensionStatuses } from "../../extensions/extension.ts";
import type { CustomField } from "../../library/custom-metadata/field.ts";
import { selectedFieldsSchema } from "../../library/custom-metadata/selected-fields.ts";
import { changeableColumns, columnsOfUpload, fieldOfColumn } from "../../library/details/stored-columns.ts";
import type { ResponseField } from "../resolve/parameters/table.ts";
import type { UploadRequest } from "../resolve/validate.ts";
import type { AnswerContext } from "./respond.ts";

/*
 * The holder of a token may ask for its upload's answer for more than a day, and must not learn what others have done
 * to the file since. The parts of an answer that can change are therefore kept with the token: the columns below, as
 * far as the answer showed them, the version's file and number, and the statuses of extensions. Everything else never
 * changes, and is read from the version.
 */

/**
 * The columns that can change, each with its value for an answer that did not keep the column. A move changes the
 * file's name, which is always kept, and its folder. No answer shows `object_version`.
 */
const changeable = {
  ...changeableColumns,
  folder_path: "/",
  ai_tags: null,
  custom_metadata: null,
} as const satisfies Pick<AssetRow, Exclude<keyof VersionChange, "object_version"> | "folder_path">;

type Changeable = keyof typeof changeable;

/** The changeable columns that an answer shows only on request, each with its response field. */
const onRequest: ReadonlyMap<string, ResponseField> = new Map([
  ...fieldOfColumn,
  ["custom_metadata", "customMetadata"],
]);

/** The parts of an answer to keep beside its version's columns. The upload's transaction gets them as plain data. */
export interface AnswerToKeep {
  readonly responseFields: ReadonlySet<ResponseField>;
  readonly extensionStatus?: ExtensionStatuses | undefined;
  /** The digest of the custom metadata fields whose schema the answer showed. */
  readonly fieldsDigest?: string | undefined;
}

interface KeptAnswer extends Partial<Pick<AssetRow, Changeable>> {
  readonly name: string;
  /** A merge gives a version another file and number. Absent in rows of a program that did not merge files. */
  readonly number?: number;
  /** The file's id is left out where it is the version's own. */
  readonly file_id?: string;
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

/** The kept answer is as short as possible, because it is written with every upload. */
export function keepAnswer(asset: AssetRow, { responseFields, extensionStatus, fieldsDigest }: AnswerToKeep): string {
  const columns = (Object.keys(changeable) as Changeable[]).filter((column) => {
    const field = onRequest.get(column);
    return asset[column] !== changeable[column] && (field === undefined || responseFields.has(field));
  });
  const kept: KeptAnswer = {
    name: asset.name,
    number: asset.number,
    ...(asset.file_id !== asset.id && { file_id: asset.file_id }),
    ...Object.fromEntries(columns.map((column) => [column, asset[column]])),
    extensionStatus,
    fieldsDigest,
  };
  return JSON.stringify(kept);
}

interface RecalledAnswer {
  /** The version as the answer showed it. */
  readonly asset: AssetRow;
  readonly extensionStatus?: ExtensionStatuses | undefined;
  /** Whether the account's fields are still those that the answer described. */
  describes(fields: readonly CustomField[]): boolean;
}

export function recallAnswer(asset: AssetRow, kept: string): RecalledAnswer {
  const { extensionStatus, fieldsDigest, ...columns } = JSON.parse(kept) as KeptAnswer;
  return {
    asset: { ...asset, ...changeable, ...(columns.number !== undefined && { file_id: asset.id }), ...columns },
    extensionStatus,
    describes: (fields) => fieldsDigest === digestOfFields(fields),
  };
}

/**
 * Recalls the answer of an upload for which an earlier version of this program kept nothing. While the asset's version
 * is unchanged, it is still what the answer showed. After a change, the answer shows what the token itself asked for.
 */
export function answerAsAsked(asset: AssetRow, request: UploadRequest): RecalledAnswer {
  const asked = {
    ...changeable,
    ...columnsOfUpload(request, undefined),
    folder_path: request.folder,
    custom_metadata: request.customMetadata === undefined ? null : JSON.stringify(request.customMetadata),
  };
  const isUnchanged = updatedAtOf(asset) === asset.created_at;
  return { asset: isUnchanged ? asset : { ...asset, ...asked }, describes: () => false };
}

/** A digest is kept instead of the schema, which may be long and is the same for most uploads. */
function digestOfFields(fields: readonly CustomField[]): string {
  return hash("sha256", JSON.stringify(selectedFieldsSchema(fields)), "base64url");
}
