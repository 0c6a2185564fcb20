import { SluiceError } from "@sluice/protocol";
import type { Services } from "../../app/services.ts";
import type { SluiceDatabase } from "../../app/transactions.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import type { NewExtensionRun } from "../../extensions/start-runs.ts";
import { checkCustomMetadata, excessError, requiredDefaults } from "../custom-metadata/check-values.ts";
import type { CustomFields } from "../custom-metadata/custom-fields.ts";
import { invalidParameter } from "../parameters/parameter.ts";
import type { Deletion, VersionTarget } from "../versions/version-transactions.ts";
import type { DetailsChange, FileTarget } from "./edit-transactions.ts";
import { findFile } from "./find-files.ts";
import type { FileDetails, FilePatch } from "./parse-file-patch.ts";

/**
 * Changes the file's current version, or what is published of the file.
 * @returns the current version as it then is
 * @throws SluiceError FILE_NOT_FOUND, PARAMETER_INVALID, CUSTOM_METADATA_INVALID, TOO_MANY_CUSTOM_VALUES
 */
export async function patchFile(
  { customFields, database }: Pick<Services, "customFields" | "database">,
  target: FileTarget,
  patch: FilePatch,
  runs: readonly NewExtensionRun[] = [],
): Promise<AssetRow> {
  if (patch.kind === "details" && runs.length === 0 && isEmpty(patch.details)) {
    return findFile(database.reader, target.accountId, target.fileId);
  }
  const result =
    patch.kind === "details"
      ? await database.run("changeFileDetails", {
          ...target,
          details: await holdAgainstFields(customFields, target.accountId, patch.details),
          ...(runs.length > 0 && { extensions: runs }),
        })
      : await database.run("publishFile", { ...target, publication: patch.publication });
  if (result.outcome === "done") return result.asset;
  if (result.outcome === "no file") throw new SluiceError("FILE_NOT_FOUND");
  throw result.outcome === "not an image"
    ? invalidParameter("customCoordinates", "Only an image has custom coordinates, and this file is none.")
    : excessError(result.outcome);
}

/** Who is told of extensions changes nothing by itself. */
function isEmpty({ extensions: _extensions, webhookUrl: _webhookUrl, ...others }: FileDetails): boolean {
  return Object.keys(others).length === 0;
}

/** @throws SluiceError CUSTOM_METADATA_INVALID, TOO_MANY_CUSTOM_VALUES */
async function holdAgainstFields(
  customFields: CustomFields,
  accountId: string,
  { customMetadata, extensions: _extensions, webhookUrl: _webhookUrl, ...others }: FileDetails,
): Promise<DetailsChange> {
  if (customMetadata === undefined) return others;
  const fields = await customFields.of(accountId);
  const change = checkCustomMetadata(fields, customMetadata);
  return { ...others, customMetadata: { change, defaults: requiredDefaults(fields) } };
}

/** @throws SluiceError FILE_NOT_FOUND */
export async function removeFile(database: SluiceDatabase, target: Deletion): Promise<void> {
  if ((await database.run("removeFile", target)) === "no file") throw new SluiceError("FILE_NOT_FOUND");
}

/** @throws SluiceError ASSET_NOT_FOUND, CURRENT_VERSION_NOT_DELETABLE */
export async function removeFileVersion(
  database: SluiceDatabase,
  target: Deletion & Pick<VersionTarget, "versionId">,
): Promise<void> {
  const outcome = await database.run("removeFileVersion", target);
  if (outcome === "no version") throw new SluiceError("ASSET_NOT_FOUND");
  if (outcome === "current version") throw new SluiceError("CURRENT_VERSION_NOT_DELETABLE");
}

/** @returns the file as it then is @throws SluiceError FILE_VERSION_NOT_FOUND */
export async function restoreFileVersion(database: SluiceDatabase, target: VersionTarget): Promise<AssetRow> {
  const result = await database.run("restoreFileVersion", target);
  if (result.outcome === "no version") throw new SluiceError("FILE_VERSION_NOT_FOUND");
  return result.asset;
}
