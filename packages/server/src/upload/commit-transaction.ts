import type { StorageUse } from "../accounts/storage-limit.ts";
import { type Connection, Rollback } from "../database/database.ts";
import type { AssetRow } from "../database/repositories/assets.ts";
import {
  claimFileName,
  countVersions,
  type FileRow,
  findVersion,
  insertFile,
  insertVersion,
  laterThan,
  setCurrentVersion,
  type VersionRow,
} from "../database/repositories/files.ts";
import { ensureFolder, findFolderOfActive } from "../database/repositories/folders.ts";
import { linkUsedToken, type TokenKey } from "../database/repositories/used-tokens.ts";
import type { EventContext } from "../events/event-context.ts";
import { type NewExtensionRun, startRuns } from "../extensions/start-runs.ts";
import { type CustomMetadataExcess, excessOf } from "../library/custom-metadata/check-values.ts";
import { readCustomMetadata } from "../library/custom-metadata/field.ts";
import { recordFileEvents } from "../library/files/file-events.ts";
import { mediaColumns } from "../library/files/media-columns.ts";
import type { MediaFacts } from "../media/inspect/inspect-media.ts";
import { assertStorage } from "./assert-storage.ts";
import { type AnswerToKeep, keepAnswer } from "./outcome/kept-answer.ts";
import { followTransformations, type UploadOrigin } from "./prepare/follow-transformations.ts";
import { type BlobSource, secureBlob } from "./secure-blob.ts";
import type { UploadRequest } from "./validate.ts";

/** Of one file, the current one included (docs/protocol/upload.md §14). */
export const maxVersions = 100;

/** What the transaction has to know of the request, and no more: it goes to another thread. */
export type RequestToStore = Pick<
  UploadRequest,
  | "folder"
  | "useUniqueFileName"
  | "overwriteFile"
  | "tags"
  | "overwriteTags"
  | "overwriteAITags"
  | "customCoordinates"
  | "description"
  | "overwriteDescription"
  | "isPrivateFile"
  | "isPublished"
>;

export interface CommitUploadInput {
  readonly accountId: string;
  /** Made beforehand, so that a commit whose answer is lost can be looked up. The file's own id when the file is new. */
  readonly versionId: string;
  readonly objectVersion: string;
  /** The name to store under, with the unique suffix where one was asked for. */
  readonly name: string;
  readonly request: RequestToStore;
  readonly media: MediaFacts;
  readonly sha256: Uint8Array;
  readonly size: number;
  /** What the version gets unless it keeps that of the one before; JSON, null for none. */
  readonly customMetadata?: string | null;
  readonly keepsCustomMetadata: boolean;
  readonly blob: BlobSource;
  /**
   * Whose entry in the ledger is to say that this version came of it, and what the upload was answered; absent where the
   * private key was sent.
   */
  readonly token?: (TokenKey & { readonly answer: AnswerToKeep }) | undefined;
  readonly extensions?: readonly NewExtensionRun[];
  /** Who is told of the file. */
  readonly events?: EventContext | undefined;
  /** Where the upload has a `transformation`. */
  readonly origin?: UploadOrigin | undefined;
  /** The server's, for an account without one of its own; absent where storage isn't limited. */
  readonly storageLimit?: number;
  readonly sweepGraceMs: number;
  readonly now: number;
  /** By the system's clock when the input was made: a process may stand still for hours before its transaction begins. */
  readonly madeAt: number;
}

export type CommitUploadOutcome =
  | { readonly outcome: "stored"; readonly asset: AssetRow }
  | ({ readonly outcome: "storage limit" } & StorageUse)
  | {
      readonly outcome:
        | "name taken"
        | "version limit"
        | "blob changed"
        | "blob too old"
        | "abandoned"
        | "account disabled";
    }
  | { readonly outcome: CustomMetadataExcess };

/** The upload's one transaction: folder, blob, file and version, or nothing (docs/architecture.md decision 2). */
export async function commitUpload(connection: Connection, input: CommitUploadInput): Promise<CommitUploadOutcome> {
  const { accountId, request } = input;
  if (input.storageLimit !== undefined) await assertStorage(connection, accountId, input.size, input.storageLimit);
  const folderId = await findOrMakeFolder(connection, input);
  const file = await placeFile(connection, newFile(input, folderId), request);
  await secureBlob(connection, accountId, input, input.now);
  const now = file === undefined ? input.now : laterThan(file, input.now);
  const fileId = file?.id ?? input.versionId;
  const number = (file?.last_version_number ?? 0) + 1;
  const previous = file === undefined ? undefined : await findVersion(connection, file.current_version_id);
  const change = { versionId: input.versionId, lastNumber: number, now };
  if (file !== undefined) await setCurrentVersion(connection, fileId, change);
  const version = newVersion({ ...input, now }, fileId, number, previous);
  await insertVersion(connection, version);
  const asset: AssetRow = {
    ...version,
    name: input.name,
    folder_path: request.folder,
    current_version_id: version.id,
    file_created_at: file?.created_at ?? now,
  };
  if (input.token !== undefined) {
    const { answer, ...key } = input.token;
    const link = { ...key, version_id: version.id, answer: keepAnswer(asset, answer) };
    if (!(await linkUsedToken(connection, link))) throw new Rollback({ outcome: "abandoned" });
  }
  if (input.extensions !== undefined) await startRuns(connection, version, input.extensions, now);
  if (input.origin !== undefined) await followTransformations(connection, asset, input.events, input.origin);
  const types = file === undefined ? (["file.created"] as const) : (["file-version.created", "file.updated"] as const);
  await recordFileEvents(connection, input.events, types, asset);
  return { outcome: "stored", asset };
}

/** An upload that was let in while the account was active must leave nothing in one that is being erased. */
async function findOrMakeFolder(
  connection: Connection,
  { accountId, request, now }: CommitUploadInput,
): Promise<string> {
  const found = await findFolderOfActive(connection, accountId, request.folder);
  if (found === undefined) throw new Rollback({ outcome: "account disabled" });
  return found.folderId ?? (await ensureFolder(connection, accountId, request.folder, now));
}

/** @returns the file that the upload is to be a version of; undefined where `row` has been inserted */
async function placeFile(
  connection: Connection,
  row: FileRow,
  { useUniqueFileName, overwriteFile }: RequestToStore,
): Promise<FileRow | undefined> {
  if (useUniqueFileName) {
    // Nobody has the name, as a rule, so nobody is looked for first. A name that collides is no wish to overwrite a
    // stranger's file: the caller makes another.
    if (!(await insertFile(connection, row))) throw new Rollback({ outcome: "name taken" });
    return undefined;
  }
  const file = await claimFileName(connection, row);
  if (file === undefined) return undefined;
  if (!overwriteFile) throw new Rollback({ outcome: "name taken" });
  if ((await countVersions(connection, file.id)) >= maxVersions) throw new Rollback({ outcome: "version limit" });
  return file;
}

function newFile(input: CommitUploadInput, folderId: string): FileRow {
  return {
    id: input.versionId,
    account_id: input.accountId,
    folder_id: folderId,
    name: input.name,
    current_version_id: input.versionId,
    last_version_number: 1,
    created_at: input.now,
    updated_at: input.now,
  };
}

/** What a version takes over from the one before it: docs/protocol/upload.md §8. */
function newVersion(
  input: CommitUploadInput,
  fileId: string,
  number: number,
  previous: VersionRow | undefined,
): VersionRow {
  const { request, media, now } = input;
  return {
    id: input.versionId,
    account_id: input.accountId,
    file_id: fileId,
    number,
    blob_id: input.blob.id,
    size: input.size,
    ...mediaColumns(media),
    tags: newTags(request, previous),
    ai_tags: request.overwriteAITags ? null : (previous?.ai_tags ?? null),
    custom_coordinates: request.customCoordinates ?? null,
    custom_metadata: newCustomMetadata(input, previous),
    description: request.description ?? (request.overwriteDescription ? null : (previous?.description ?? null)),
    is_private_file: request.isPrivateFile ? 1 : 0,
    is_published: request.isPublished ? 1 : 0,
    object_version: input.objectVersion,
    created_at: now,
    updated_at: now,
  };
}

function newTags(request: RequestToStore, previous: VersionRow | undefined): string | null {
  if (request.tags !== undefined) return request.tags.length === 0 ? null : JSON.stringify(request.tags);
  return request.overwriteTags ? null : (previous?.tags ?? null);
}

function newCustomMetadata(
  { customMetadata = null, keepsCustomMetadata }: CommitUploadInput,
  previous: VersionRow | undefined,
): string | null {
  const kept = keepsCustomMetadata ? (previous?.custom_metadata ?? null) : null;
  if (kept === null || customMetadata === null) return kept ?? customMetadata;
  // Fields that are required and that the version before had no value of.
  const values = { ...readCustomMetadata(customMetadata), ...readCustomMetadata(kept) };
  const excess = excessOf(values);
  if (excess !== undefined) throw new Rollback({ outcome: excess });
  return JSON.stringify(values);
}
