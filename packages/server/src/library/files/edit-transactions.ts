import type { Connection } from "../../database/database.ts";
import { type AssetRow, findCurrentAsset } from "../../database/repositories/assets.ts";
import { findVersion, laterThan } from "../../database/repositories/files.ts";
import { listVersions, lockFile, updateVersion, type VersionChange } from "../../database/repositories/versions.ts";
import type { EventContext } from "../../events/event-context.ts";
import { catalogueFiles } from "../catalogue/catalogue.ts";
import {
  applyCustomMetadata,
  type CustomMetadataChange,
  type CustomMetadataExcess,
  excessOf,
} from "../custom-metadata/check-values.ts";
import { type CustomMetadata, readCustomMetadata, writeCustomMetadata } from "../custom-metadata/field.ts";
import { columnsOfChange } from "../details/stored-columns.ts";
import { newObjectVersion } from "../versions/enter-version.ts";
import { withoutAiTags } from "./ai-tags.ts";
import { recordFileEvents } from "./file-events.ts";
import type { FileDetails, Publication } from "./parse-file-patch.ts";

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
export interface ChangedVersion {
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
  await catalogueFiles(connection, [fileId]);
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
  if (changing.length > 0) await catalogueFiles(connection, [fileId]);
  const asset = await currentAsset(connection, accountId, fileId);
  if (changing.length > 0) await recordFileEvents(connection, events, ["file.updated"], asset);
  return { outcome: "done", asset };
}

export async function currentAsset(connection: Connection, accountId: string, fileId: string): Promise<AssetRow> {
  const asset = await findCurrentAsset(connection, accountId, fileId);
  if (asset === undefined) throw new Error("a file vanished while its row was locked");
  return asset;
}
