import { SluiceError } from "@sluice/protocol";
import { viewerOfServer } from "../../access/viewer.ts";
import type { Connection } from "../../database/database.ts";
import { type AssetRow, findCurrentAsset } from "../../database/repositories/assets.ts";
import { deleteVersion, findVersion, laterThan, setCurrentVersion } from "../../database/repositories/files.ts";
import { listVersions, lockFile, updateVersion, type VersionChange } from "../../database/repositories/versions.ts";
import { indexFiles } from "../../database/search-index/write-index.ts";
import type { EventContext } from "../../events/event-context.ts";
import { recordEvent } from "../../events/record-event.ts";
import {
  applyCustomMetadata,
  type CustomMetadataChange,
  type CustomMetadataExcess,
  checkCustomMetadata,
  excessOf,
  requiredDefaults,
} from "../custom-metadata/check-values.ts";
import { type CustomMetadata, readCustomMetadata, writeCustomMetadata } from "../custom-metadata/field.ts";
import type { LibraryDeps } from "../deps.ts";
import { columnsOfChange } from "../details/stored-columns.ts";
import { newObjectVersion } from "../versions/enter-version.ts";
import { withoutAiTags } from "./ai-tags.ts";
import { recordFileEvents } from "./file-events.ts";
import type { FileDetails, Publication } from "./parse-file-patch.ts";
import { type FilesToRemove, removeFiles } from "./remove-files.ts";

/**
 * Checks new details of a file against the account's custom metadata fields.
 * @throws SluiceError CUSTOM_METADATA_INVALID, TOO_MANY_CUSTOM_VALUES
 */
export async function detailsChangeOf(
  customFields: LibraryDeps["customFields"],
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
  database: LibraryDeps["database"],
  target: Deletion & Pick<FilesToRemove, "trashMs">,
): Promise<void> {
  if ((await database.run(removeFileTransaction, target)) === "no file") throw new SluiceError("FILE_NOT_FOUND");
}

/** @throws SluiceError ASSET_NOT_FOUND, CURRENT_VERSION_NOT_DELETABLE */
export async function removeFileVersion(
  database: LibraryDeps["database"],
  target: Deletion & Pick<VersionTarget, "versionId">,
): Promise<void> {
  const outcome = await database.run(removeFileVersionTransaction, target);
  if (outcome === "no version") throw new SluiceError("ASSET_NOT_FOUND");
  if (outcome === "current version") throw new SluiceError("CURRENT_VERSION_NOT_DELETABLE");
}

/** @returns the file after the change @throws SluiceError FILE_VERSION_NOT_FOUND */
export async function restoreFileVersion(database: LibraryDeps["database"], target: VersionTarget): Promise<AssetRow> {
  const result = await database.run(restoreFileVersionTransaction, target);
  if (result.outcome === "no version") throw new SluiceError("FILE_VERSION_NOT_FOUND");
  return result.asset;
}

export interface FileTarget {
  readonly accountId: string;
  readonly fileId: string;
  /** The endpoints that are told of the change. */
  readonly events?: EventContext | undefined;
  readonly now: number;
}

export type EditOutcome =
  | { readonly outcome: "done"; readonly asset: AssetRow }
  | { readonly outcome: "no file" | "not an image" | CustomMetadataExcess };

export type DetailsChange = Omit<FileDetails, "customMetadata"> & {
  readonly customMetadata?: { readonly change: CustomMetadataChange; readonly defaults: CustomMetadata };
};

/** The version that a change is made to. */
interface ChangedVersion {
  readonly account_id: string;
  readonly file_id: string;
  readonly id: string;
}

/**
 * Changes the details of the file's current version.
 * @param beside further work of the transaction, after it has changed the version and before it records events
 */
export async function changeDetails(
  connection: Connection,
  { accountId, fileId, events, now, details }: FileTarget & { readonly details: DetailsChange },
  beside: (version: ChangedVersion, time: number) => Promise<void> = async () => undefined,
): Promise<EditOutcome> {
  const file = await lockFile(connection, accountId, fileId);
  if (file === undefined) return { outcome: "no file" };
  const current = await findVersion(connection, file.current_version_id);
  if (typeof details.customCoordinates === "string" && current?.kind !== "picture") {
    return { outcome: "not an image" };
  }
  const columns: VersionChange = columnsOfChange(details);
  if (details.removeAITags !== undefined) {
    columns.ai_tags = withoutAiTags(current?.ai_tags ?? null, details.removeAITags);
  }
  if (details.customMetadata !== undefined) {
    const { change, defaults } = details.customMetadata;
    const values = applyCustomMetadata(readCustomMetadata(current?.custom_metadata ?? null), change, defaults);
    const excess = excessOf(values);
    if (excess !== undefined) return { outcome: excess };
    columns.custom_metadata = writeCustomMetadata(values);
  }
  const time = laterThan(file, now);
  await updateVersion(connection, file, file.current_version_id, columns, time);
  await indexFiles(connection, [fileId]);
  await beside({ account_id: accountId, file_id: fileId, id: file.current_version_id }, time);
  const asset = await currentAsset(connection, accountId, fileId);
  await recordFileEvents(connection, events, ["file.updated"], asset);
  return { outcome: "done", asset };
}

/**
 * Publishes the current version or all versions, or makes them drafts. Each version whose state changes gets a new
 * `ik-obj-version`, so that URLs handed out before stop working (docs/protocol/delivery.md §6).
 */
export async function publishFile(
  connection: Connection,
  { accountId, fileId, events, now, publication }: FileTarget & { readonly publication: Publication },
): Promise<EditOutcome> {
  const file = await lockFile(connection, accountId, fileId);
  if (file === undefined) return { outcome: "no file" };
  const flag = publication.isPublished ? 1 : 0;
  const changing = (await listVersions(connection, fileId))
    .filter(({ id }) => publication.includeFileVersions || id === file.current_version_id)
    .filter((version) => version.is_published !== flag);
  const time = laterThan(file, now);
  for (const { id } of changing) {
    await updateVersion(connection, file, id, { is_published: flag, object_version: newObjectVersion() }, time);
  }
  if (changing.length > 0) await indexFiles(connection, [fileId]);
  const asset = await currentAsset(connection, accountId, fileId);
  if (changing.length > 0) await recordFileEvents(connection, events, ["file.updated"], asset);
  return { outcome: "done", asset };
}

export async function currentAsset(connection: Connection, accountId: string, fileId: string): Promise<AssetRow> {
  const asset = await findCurrentAsset(connection, viewerOfServer(accountId), fileId);
  if (asset === undefined) throw new Error("a file vanished while its row was locked");
  return asset;
}

interface VersionTarget extends FileTarget {
  readonly versionId: string;
}

/** The file that is deleted, and the time that the event of the deletion carries. */
type Deletion = Omit<FileTarget, "now"> & Partial<Pick<FileTarget, "now">>;

/** Deletes the file with all its versions, or puts it into the trash for a time. */
export async function removeFileTransaction(
  connection: Connection,
  { accountId, fileId, trashMs = null, events, now = Date.now() }: Deletion & Partial<Pick<FilesToRemove, "trashMs">>,
): Promise<"done" | "no file"> {
  const file = await lockFile(connection, accountId, fileId);
  if (file === undefined) return "no file";
  await removeFiles(connection, { accountId, fileIds: [fileId], trashMs, events, now });
  return "done";
}

removeFileTransaction.makesRoom = true;

/**
 * Deletes a version that isn't current. The other versions keep their numbers, and a later upload never gets the number
 * of a deleted version.
 */
export async function removeFileVersionTransaction(
  connection: Connection,
  { accountId, fileId, versionId, events, now = Date.now() }: Deletion & Pick<VersionTarget, "versionId">,
): Promise<"done" | "no version" | "current version"> {
  const file = await lockFile(connection, accountId, fileId);
  const version = await findVersion(connection, versionId);
  if (file === undefined || version?.file_id !== fileId) return "no version";
  if (versionId === file.current_version_id) return "current version";
  await deleteVersion(connection, versionId);
  await indexFiles(connection, [fileId]);
  const event = { type: "file-version.deleted", data: () => ({ fileId, versionId }) } as const;
  await recordEvent(connection, events, event, now);
  return "done";
}

removeFileVersionTransaction.makesRoom = true;

type RestoreOutcome = { readonly outcome: "done"; readonly asset: AssetRow } | { readonly outcome: "no version" };

/** Makes a version current by pointing to it; nothing is copied (docs/protocol/media-api.md §12.3). */
export async function restoreFileVersionTransaction(
  connection: Connection,
  { accountId, fileId, versionId, events, now }: VersionTarget,
): Promise<RestoreOutcome> {
  const file = await lockFile(connection, accountId, fileId);
  const version = await findVersion(connection, versionId);
  if (file === undefined || version?.file_id !== fileId) return { outcome: "no version" };
  const restores = versionId !== file.current_version_id;
  if (restores) {
    // The plain URL shows other bytes from now on, so its `updatedAt` must never have named the old ones.
    const time = laterThan(file, now);
    await updateVersion(connection, file, versionId, {}, time);
    await setCurrentVersion(connection, fileId, { versionId, now: time });
    await indexFiles(connection, [fileId]);
  }
  const asset = await currentAsset(connection, accountId, fileId);
  if (restores) await recordFileEvents(connection, events, ["file.updated"], asset);
  return { outcome: "done", asset };
}
