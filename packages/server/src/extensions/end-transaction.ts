import { type Connection, Rollback } from "../database/database.ts";
import { holdActiveAccount } from "../database/repositories/accounts.ts";
import { type AssetRow, findVersionById, isCurrent } from "../database/repositories/assets.ts";
import { deleteExtensionRun } from "../database/repositories/extension-runs.ts";
import {
  countVersions,
  type FileRow,
  findVersion,
  insertVersion,
  laterThan,
  setCurrentVersion,
  type VersionRow,
} from "../database/repositories/files.ts";
import { lockFile, updateVersion } from "../database/repositories/versions.ts";
import { findEventContext } from "../events/event-context.ts";
import { recordExtensionEnd, recordUntoldFailure } from "../events/record-event.ts";
import {
  applyCustomMetadata,
  type CustomMetadataChange,
  type CustomMetadataExcess,
  excessOf,
} from "../library/custom-metadata/check-values.ts";
import { type CustomMetadata, readCustomMetadata, writeCustomMetadata } from "../library/custom-metadata/field.ts";
import { recordFileEvents } from "../library/files/file-events.ts";
import { type Endpoint, fileObject } from "../library/files/file-object.ts";
import { mediaColumns } from "../library/files/media-columns.ts";
import { maxTagsLength } from "../library/parameters/values.ts";
import type { MediaFacts } from "../media/inspect/inspect-media.ts";
import { assertStorage } from "../upload/assert-storage.ts";
import { maxVersions } from "../upload/commit-transaction.ts";
import { type ContentToSecure, secureBlob } from "../upload/secure-blob.ts";
import { type AiTagEntry, mergeAiTags } from "./ai-tags.ts";
import type { ExtensionError } from "./extension.ts";

/** What an extension does to its asset: plain data. */
export interface ExtensionChanges {
  readonly aiTags?: readonly Pick<AiTagEntry, "name" | "confidence">[];
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
  readonly description?: string;
  readonly customMetadata?: { readonly change: CustomMetadataChange; readonly defaults: CustomMetadata };
  readonly version?: ContentToSecure & {
    readonly id: string;
    readonly objectVersion: string;
    readonly media: MediaFacts;
  };
}

export interface ApplyExtensionInput {
  readonly runId: string;
  readonly name: string;
  readonly accountId: string;
  readonly fileId: string;
  readonly versionId: string;
  /** Where the files of the account are delivered. */
  readonly endpoint: Endpoint;
  readonly webhookUrl: string | null;
  readonly changes: ExtensionChanges;
  /** The server's, for an account without one of its own. */
  readonly storageLimit: number;
  /** Whether the answer to the request says what has come of it. */
  readonly awaited: boolean;
  readonly now: number;
}

export type ApplyExtensionOutcome =
  | { readonly outcome: "applied"; readonly asset: AssetRow }
  | { readonly outcome: "ended before" | "no version" | ApplyExtensionProblem };

/** Why a result does not fit its asset; the run goes on until it is ended as failed. */
export type ApplyExtensionProblem =
  | "superseded"
  | "version limit"
  | "storage limit"
  | "tags too long"
  | "blob changed"
  | "blob too old"
  | CustomMetadataExcess;

/** Applies a result once, however often it comes: the run's row ends with it. */
export async function applyExtension(
  connection: Connection,
  input: ApplyExtensionInput,
): Promise<ApplyExtensionOutcome> {
  const { runId, accountId, fileId, versionId } = input;
  const size = input.changes.version?.size;
  if (size !== undefined) await assertStorage(connection, accountId, size, input.storageLimit);
  const isActive = await holdActiveAccount(connection, accountId);
  const file = isActive ? await lockFile(connection, accountId, fileId) : undefined;
  const version = file === undefined ? undefined : await findVersion(connection, versionId);
  if (file === undefined || version === undefined) {
    await deleteExtensionRun(connection, runId);
    return { outcome: "no version" };
  }
  const changed =
    input.changes.version === undefined
      ? await changeVersion(connection, input, file, version)
      : await addVersion(connection, input, file, version);
  if (!(await deleteExtensionRun(connection, runId))) throw new Rollback({ outcome: "ended before" });
  const asset = await findVersionById(connection, accountId, changed);
  if (asset === undefined) throw new Error("a version vanished while its file was locked");
  await announce(connection, input, asset);
  return { outcome: "applied", asset };
}

/**
 * Events for the account's endpoints, and for whoever the request named (docs/protocol/webhooks-and-extensions.md §3,
 * §5).
 */
async function announce(
  connection: Connection,
  { accountId, name, endpoint, webhookUrl, awaited, changes, now }: ApplyExtensionInput,
  asset: AssetRow,
): Promise<void> {
  const context = await findEventContext(connection, accountId, endpoint.publicUrl);
  const types = [
    ...(changes.version === undefined ? [] : (["file-version.created"] as const)),
    ...(isCurrent(asset) ? (["file.updated"] as const) : []),
  ];
  await recordFileEvents(connection, context, types, asset);
  if (awaited || webhookUrl === null) return;
  const end = { service: name, status: "SUCCESS", fileObject: fileObject(asset, endpoint) } as const;
  await recordExtensionEnd(connection, { accountId, webhookUrl, end }, now);
}

export interface FailExtensionInput {
  readonly runId: string;
  readonly name: string;
  readonly accountId: string;
  readonly fileId: string;
  readonly webhookUrl: string | null;
  readonly error: ExtensionError;
  /** Whether the answer to the request says so. */
  readonly awaited: boolean;
  readonly now: number;
}

/** @returns false when it had ended before */
export async function failExtension(connection: Connection, input: FailExtensionInput): Promise<boolean> {
  const { runId, name, accountId, fileId, webhookUrl, error, awaited, now } = input;
  if (!(await deleteExtensionRun(connection, runId))) return false;
  const end = { service: name, status: "FAILURE", fileId, error } as const;
  if (awaited || webhookUrl === null) await recordUntoldFailure(connection, { accountId, end }, now);
  else await recordExtensionEnd(connection, { accountId, webhookUrl, end }, now);
  return true;
}

async function changeVersion(
  connection: Connection,
  { name, changes, now }: ApplyExtensionInput,
  file: FileRow,
  version: VersionRow,
): Promise<string> {
  const { aiTags, description } = changes;
  const columns = {
    ...(aiTags && { ai_tags: mergeAiTags(version.ai_tags, name, aiTags) }),
    ...(description !== undefined && { description }),
    ...tagsColumn(changes, version),
    ...customMetadataColumn(changes, version),
  };
  const time = version.id === file.current_version_id ? laterThan(file, now) : now;
  await updateVersion(connection, file, version.id, columns, time);
  return version.id;
}

function tagsColumn({ addTags, removeTags }: ExtensionChanges, version: VersionRow): { readonly tags?: string | null } {
  if (addTags === undefined && removeTags === undefined) return {};
  const removed = new Set(removeTags);
  const before: string[] = version.tags === null ? [] : JSON.parse(version.tags);
  const tags = [...new Set([...before.filter((tag) => !removed.has(tag)), ...(addTags ?? [])])];
  if ([...tags.join("")].length > maxTagsLength) throw new Rollback({ outcome: "tags too long" });
  return { tags: tags.length === 0 ? null : JSON.stringify(tags) };
}

function customMetadataColumn({ customMetadata }: ExtensionChanges, version: VersionRow) {
  if (customMetadata === undefined) return {};
  const { change, defaults } = customMetadata;
  const values = applyCustomMetadata(readCustomMetadata(version.custom_metadata), change, defaults);
  const excess = excessOf(values);
  if (excess !== undefined) throw new Rollback({ outcome: excess });
  return { custom_metadata: writeCustomMetadata(values) };
}

/** What is made of a version that another has replaced meanwhile must not replace that one. */
async function addVersion(
  connection: Connection,
  { accountId, changes, now }: ApplyExtensionInput,
  file: FileRow,
  previous: VersionRow,
): Promise<string> {
  const content = changes.version;
  if (content === undefined) throw new Error("there is no new version");
  if (file.current_version_id !== previous.id) throw new Rollback({ outcome: "superseded" });
  if ((await countVersions(connection, file.id)) >= maxVersions) throw new Rollback({ outcome: "version limit" });
  await secureBlob(connection, accountId, content, now);
  const { id, media, size } = content;
  const number = file.last_version_number + 1;
  const time = laterThan(file, now);
  await setCurrentVersion(connection, file.id, { versionId: id, lastNumber: number, now: time });
  const sameSize = media.width === previous.width && media.height === previous.height;
  await insertVersion(connection, {
    ...previous,
    id,
    number,
    blob_id: content.blob.id,
    size,
    ...mediaColumns(media),
    // They name a part of the picture, which is elsewhere in one of another size.
    custom_coordinates: sameSize ? previous.custom_coordinates : null,
    object_version: content.objectVersion,
    created_at: time,
    updated_at: time,
  });
  return id;
}
