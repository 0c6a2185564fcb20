import { SluiceError } from "@sluice/protocol";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { checkCustomMetadata, requiredDefaults } from "../custom-metadata/check-values.ts";
import type { LibraryNeeds } from "../needs.ts";
import type { Deletion, VersionTarget } from "../versions/version-transactions.ts";
import {
  removeFileTransaction,
  removeFileVersionTransaction,
  restoreFileVersionTransaction,
} from "../versions/version-transactions.ts";
import type { DetailsChange } from "./edit-transactions.ts";
import type { FileDetails } from "./parse-file-patch.ts";
import type { FilesToRemove } from "./remove-files.ts";

/**
 * Checks new details of a file against the account's custom metadata fields.
 * @throws SluiceError CUSTOM_METADATA_INVALID, TOO_MANY_CUSTOM_VALUES
 */
export async function detailsChangeOf(
  customFields: LibraryNeeds["customFields"],
  accountId: string,
  { customMetadata, ...others }: FileDetails,
): Promise<DetailsChange> {
  if (customMetadata === undefined) return others;
  const fields = await customFields.of(accountId);
  const change = checkCustomMetadata(fields, customMetadata);
  return { ...others, customMetadata: { change, defaults: requiredDefaults(fields) } };
}

/** Deletes a file, or puts it into the trash for `trashMs`. @throws SluiceError FILE_NOT_FOUND */
export async function removeFile(
  database: LibraryNeeds["database"],
  target: Deletion & Pick<FilesToRemove, "trashMs">,
): Promise<void> {
  if ((await database.run(removeFileTransaction, target)) === "no file") throw new SluiceError("FILE_NOT_FOUND");
}

/** @throws SluiceError ASSET_NOT_FOUND, CURRENT_VERSION_NOT_DELETABLE */
export async function removeFileVersion(
  database: LibraryNeeds["database"],
  target: Deletion & Pick<VersionTarget, "versionId">,
): Promise<void> {
  const outcome = await database.run(removeFileVersionTransaction, target);
  if (outcome === "no version") throw new SluiceError("ASSET_NOT_FOUND");
  if (outcome === "current version") throw new SluiceError("CURRENT_VERSION_NOT_DELETABLE");
}

/** @returns the file after the change @throws SluiceError FILE_VERSION_NOT_FOUND */
export async function restoreFileVersion(database: LibraryNeeds["database"], target: VersionTarget): Promise<AssetRow> {
  const result = await database.run(restoreFileVersionTransaction, target);
  if (result.outcome === "no version") throw new SluiceError("FILE_VERSION_NOT_FOUND");
  return result.asset;
}
