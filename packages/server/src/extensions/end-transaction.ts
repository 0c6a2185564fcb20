import { viewerOfServer } from "../access/viewer.ts";
import { type Connection, Rollback } from "../database/database.ts";
import { holdActiveAccount } from "../database/repositories/accounts.ts";
import { type AssetRow, findVersionById, isCurrent } from "../database/repositories/assets.ts";
import { deleteExtensionRun } from "../database/repositories/extension-runs.ts";
import { findVersion, type LockedFile, laterThan, type VersionRow } from "../database/repositories/files.ts";
import { addExtensionUse } from "../database/repositories/usage.ts";
import { lockFileOfVersion, updateVersion } from "../database/repositories/versions.ts";
import { indexFiles } from "../database/search-index/write-index.ts";
import { findEventContext } from "../events/event-context.ts";
import { type ExtensionError, recordExtensionEnd, recordUntoldFailure } from "../events/record-event.ts";
import type { UnsecuredContent } from "../library/content/secure-blob.ts";
import { assertStorage } from "../library/content/storage-room.ts";
import {
  applyCustomMetadata,
  type CustomMetadataChange,
  type CustomMetadataExcess,
  excessOf,
} from "../library/custom-metadata/check-values.ts";
import { type CustomMetadata, readCustomMetadata, writeCustomMetadata } from "../library/custom-metadata/field.ts";
import { type AiTagEntry, mergeAiTags } from "../library/files/ai-tags.ts";
import type { Endpoint } from "../library/files/asset-url.ts";
import { recordFileEvents } from "../library/files/file-events.ts";
import { fileObject } from "../library/files/file-object.ts";
import { maxTagsLength } from "../library/parameters/values.ts";
import { addVersion, detailsOf } from "../library/versions/add-version.ts";
import type { VersionToAdd } from "../library/versions/enter-version.ts";
import type { MediaFacts } from "../media/inspect/media-facts.ts";
import { dayOf } from "../text/day.ts";

/** The changes that an extension makes to its asset, as plain data. */
export interface ExtensionChanges {
  readonly aiTags?: readonly Pick<AiTagEntry, "name" | "confidence">[];
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
  readonly description?: string;
  readonly customMetadata?: { readonly change: CustomMetadataChange; readonly defaults: CustomMetadata };
  readonly version?: VersionToAdd & { readonly media: MediaFacts };
}

export interface ApplyExtensionInput {
  readonly runId: string;
  readonly name: string;
  readonly accountId: string;
  readonly versionId: string;
  /** The address under which the account's files are delivered. */
  readonly endpoint: Endpoint;
  readonly webhookUrl: string | null;
  /** The details of the version that the `webhookUrl` isn't told, apart from the changes to them. */
  readonly withheld?: readonly string[] | undefined;
  readonly changes: ExtensionChanges;
  /** The server's storage limit, for an account without a limit of its own. */
  readonly storageLimit: number;
  /** Whether the answer to the request reports the result. */
  readonly awaited: boolean;
  readonly now: number;
}

export type ApplyExtensionOutcome =
  | { readonly outcome: "applied"; readonly asset: AssetRow }
  | UnsecuredContent
  | { readonly outcome: "ended before" | "no version" | ApplyExtensionProblem };

/** The reason why a result can't be applied to its asset. The run goes on until it is ended as failed. */
export type ApplyExtensionProblem =
  | "superseded"
  | "version limit"
  | "storage limit"
  | "tags too long"
  | CustomMetadataExcess;

/**
 * Applies a result. However often the result arrives, it is applied only once, because the run's row is deleted in the
 * same transaction.
 */
export async function applyExtension(
  connection: Connection,
  input: ApplyExtensionInput,
): Promise<ApplyExtensionOutcome> {
  const { runId, accountId, versionId } = input;
  const size = input.changes.version?.size;
  if (size !== undefined) {
    await assertStorage(connection, accountId, { size, standard: input.storageLimit, now: input.now });
  }
  const isActive = await holdActiveAccount(connection, accountId);
  // The run may have begun when the version belonged to another file, which a merge has deleted since.
  const locked = isActive ? await lockFileOfVersion(connection, accountId, versionId) : undefined;
  if (locked === undefined) {
    await deleteExtensionRun(connection, runId);
    return { outcome: "no version" };
  }
  const { file, version } = locked;
  const changed =
    input.changes.version === undefined
      ? await changeVersion(connection, input, file, version)
      : await addChangedVersion(connection, accountId, input.changes.version, file, version);
  await indexFiles(connection, [file.id]);
  if (!(await deleteExtensionRun(connection, runId))) throw new Rollback({ outcome: "ended before" });
  const asset = await findVersionById(connection, viewerOfServer(accountId), changed);
  if (asset === undefined) throw new Error("a version vanished while its file was locked");
  await announce(connection, input, asset);
  await addExtensionUse(connection, { accountId, day: dayOf(input.now), name: input.name });
  return { outcome: "applied", asset };
}

/**
 * Records events for the account's endpoints, and for the `webhookUrl` of the request
 * (docs/protocol/webhooks-and-extensions.md §3, §5).
 */
async function announce(connection: Connection, input: ApplyExtensionInput, asset: AssetRow): Promise<void> {
  const { accountId, name, endpoint, webhookUrl, awaited, changes, now } = input;
  const context = await findEventContext(connection, accountId, endpoint.publicUrl);
  const types = [
    ...(changes.version === undefined ? [] : (["file-version.created"] as const)),
    ...(isCurrent(asset) ? (["file.updated"] as const) : []),
  ];
  await recordFileEvents(connection, context, types, asset);
  if (awaited || webhookUrl === null) return;
  // Whoever may upload chooses the `webhookUrl`. The file may be another's by now, so its thumbnail isn't signed.
  const shown = fileObject(withoutWithheld(asset, input), endpoint);
  const end = { service: name, status: "SUCCESS", fileObject: shown } as const;
  await recordExtensionEnd(connection, { accountId, webhookUrl, end }, now);
}

/** The columns of the details that an upload may keep from the version before. */
const detailColumns = {
  tags: "tags",
  description: "description",
  AITags: "ai_tags",
  customMetadata: "custom_metadata",
} as const;

const noDetails = { tags: null, description: null, ai_tags: null, custom_metadata: null } as const;

/** Shows of withheld details what the extension has made of them, as if the version had had none before. */
function withoutWithheld(asset: AssetRow, input: Pick<ApplyExtensionInput, "name" | "changes" | "withheld">): AssetRow {
  const { withheld = [] } = input;
  if (withheld.length === 0) return asset;
  const own = { ...noDetails, ...changedColumns(input, noDetails) };
  const hidden = Object.entries(detailColumns).filter(([name]) => withheld.includes(name));
  return { ...asset, ...Object.fromEntries(hidden.map(([, column]) => [column, own[column]])) };
}

export interface FailExtensionInput {
  readonly runId: string;
  readonly name: string;
  readonly accountId: string;
  /** The file that had the version when the run began. A merge may have given the version to another one. */
  readonly fileId: string;
  readonly versionId: string;
  readonly webhookUrl: string | null;
  readonly error: ExtensionError;
  /** Whether the answer to the request reports the failure. */
  readonly awaited: boolean;
  readonly now: number;
}

/** @returns false when the run had ended before */
export async function failExtension(connection: Connection, input: FailExtensionInput): Promise<boolean> {
  const { runId, name, accountId, versionId, webhookUrl, error, awaited, now } = input;
  if (!(await deleteExtensionRun(connection, runId))) return false;
  const fileId = (await findVersion(connection, versionId))?.file_id ?? input.fileId;
  const end = { service: name, status: "FAILURE", fileId, error } as const;
  if (awaited || webhookUrl === null) await recordUntoldFailure(connection, { accountId, end }, now);
  else await recordExtensionEnd(connection, { accountId, webhookUrl, end }, now);
  return true;
}

async function changeVersion(
  connection: Connection,
  input: ApplyExtensionInput,
  file: LockedFile,
  version: VersionRow,
): Promise<string> {
  const time = version.id === file.current_version_id ? laterThan(file, input.now) : input.now;
  await updateVersion(connection, file, version.id, changedColumns(input, version), time);
  return version.id;
}

type Details = Pick<VersionRow, "tags" | "ai_tags" | "custom_metadata">;

/** The columns of the version's details that the extension changes. */
function changedColumns({ name, changes }: Pick<ApplyExtensionInput, "name" | "changes">, version: Details) {
  const { aiTags, description } = changes;
  return {
    ...(aiTags && { ai_tags: mergeAiTags(version.ai_tags, name, aiTags) }),
    ...(description !== undefined && { description }),
    ...tagsColumn(changes, version),
    ...customMetadataColumn(changes, version),
  };
}

function tagsColumn({ addTags, removeTags }: ExtensionChanges, version: Details): { readonly tags?: string | null } {
  if (addTags === undefined && removeTags === undefined) return {};
  const removed = new Set(removeTags);
  const before: string[] = version.tags === null ? [] : JSON.parse(version.tags);
  const tags = [...new Set([...before.filter((tag) => !removed.has(tag)), ...(addTags ?? [])])];
  if ([...tags.join("")].length > maxTagsLength) throw new Rollback({ outcome: "tags too long" });
  return { tags: tags.length === 0 ? null : JSON.stringify(tags) };
}

function customMetadataColumn({ customMetadata }: ExtensionChanges, version: Details) {
  if (customMetadata === undefined) return {};
  const { change, defaults } = customMetadata;
  const values = applyCustomMetadata(readCustomMetadata(version.custom_metadata), change, defaults);
  const excess = excessOf(values);
  if (excess !== undefined) throw new Rollback({ outcome: excess });
  return { custom_metadata: writeCustomMetadata(values) };
}

/**
 * Adds the result as a new version. If another version has become current meanwhile, the result must not replace it.
 */
async function addChangedVersion(
  connection: Connection,
  accountId: string,
  { media, ...version }: NonNullable<ExtensionChanges["version"]>,
  file: LockedFile,
  previous: VersionRow,
): Promise<string> {
  if (file.current_version_id !== previous.id) throw new Rollback({ outcome: "superseded" });
  const sameSize = media.kind === "picture" && media.width === previous.width && media.height === previous.height;
  // Coordinates mark an area of the picture. In a picture of another size that area is elsewhere, so they are dropped.
  const details = () => ({ ...detailsOf(previous), ...(!sameSize && { custom_coordinates: null }) });
  return (await addVersion(connection, { accountId, file, version, media, details })).id;
}
