import { type Connection, Rollback } from "../database/database.ts";
import type { AssetRow } from "../database/repositories/assets.ts";
import { adoptBlob, insertBlob } from "../database/repositories/blobs.ts";
import {
  claimFileName,
  countVersions,
  type FileRow,
  findVersion,
  insertVersion,
  laterThan,
  setCurrentVersion,
  type VersionRow,
} from "../database/repositories/files.ts";
import { ensureFolder } from "../database/repositories/folders.ts";
import { linkUsedToken, type TokenKey } from "../database/repositories/used-tokens.ts";
import type { MediaFacts } from "../media/inspect-media.ts";
import type { UploadRequest } from "./validate.ts";

/** Of one file, the current one included (spec/upload-v2.md §14). */
export const maxVersions = 100;

/** Where the content is to come from, as the look at the store found it (design decision 1). */
export type BlobSource =
  /** A copy of our own, durable since `storedAt`. */
  | { readonly kind: "fresh"; readonly id: string; readonly storageKey: string; readonly storedAt: number }
  /** A blob of this account with the same content, whose object is there. */
  | { readonly kind: "adopt"; readonly id: string; readonly storageKey: string }
  /** One whose object is damaged: our copy takes its place. */
  | {
      readonly kind: "heal";
      readonly id: string;
      readonly storageKey: string;
      readonly freshKey: string;
      readonly storedAt: number;
    };

export interface CommitUploadInput {
  readonly accountId: string;
  /** Made beforehand, so that a commit whose answer is lost can be looked up. The file's own id when the file is new. */
  readonly versionId: string;
  readonly objectVersion: string;
  /** The name to store under, with the unique suffix where one was asked for. */
  readonly name: string;
  readonly request: UploadRequest;
  readonly media: MediaFacts;
  readonly sha256: Uint8Array;
  readonly size: number;
  /** What the version gets unless it keeps that of the one before; JSON, null for none. */
  readonly customMetadata?: string | null;
  readonly blob: BlobSource;
  /** Whose entry in the ledger is to say that this version came of it; absent where the private key was sent. */
  readonly token?: TokenKey | undefined;
  readonly sweepGraceMs: number;
  readonly now: number;
  /** By the system's clock when the input was made: a process may stand still for hours before its transaction begins. */
  readonly madeAt: number;
}

export type CommitUploadOutcome =
  | { readonly outcome: "stored"; readonly asset: AssetRow }
  | { readonly outcome: "name taken" | "version limit" | "blob changed" | "blob too old" | "abandoned" };

/** The upload's one transaction: folder, blob, file and version, or nothing (design decision 2). */
export async function commitUpload(connection: Connection, input: CommitUploadInput): Promise<CommitUploadOutcome> {
  const { accountId, request } = input;
  const folderId = await ensureFolder(connection, accountId, request.folder, input.now);
  const file = await claimFileName(connection, newFile(input, folderId));
  if (file !== undefined) {
    // A unique name that collides is no wish to overwrite a stranger's file: the caller makes another.
    if (request.useUniqueFileName || !request.overwriteFile) throw new Rollback({ outcome: "name taken" });
    if ((await countVersions(connection, file.id)) >= maxVersions) throw new Rollback({ outcome: "version limit" });
  }
  await secureBlob(connection, input);
  const now = file === undefined ? input.now : laterThan(file, input.now);
  const fileId = file?.id ?? input.versionId;
  const number = (file?.last_version_number ?? 0) + 1;
  const previous = file === undefined ? undefined : await findVersion(connection, file.current_version_id);
  const change = { versionId: input.versionId, lastNumber: number, now };
  if (file !== undefined) await setCurrentVersion(connection, fileId, change);
  const version = newVersion({ ...input, now }, fileId, number, previous);
  await insertVersion(connection, version);
  if (input.token !== undefined && !(await linkUsedToken(connection, { ...input.token, version_id: version.id }))) {
    throw new Rollback({ outcome: "abandoned" });
  }
  const asset: AssetRow = {
    ...version,
    name: input.name,
    folder_path: request.folder,
    current_version_id: version.id,
    file_created_at: file?.created_at ?? now,
  };
  return { outcome: "stored", asset };
}

async function secureBlob(connection: Connection, input: CommitUploadInput): Promise<void> {
  const { blob, accountId, sha256, size, now } = input;
  // The sweep may already be looking at an object that has waited this long for its row.
  const waited = Date.now() - input.madeAt;
  if (blob.kind !== "adopt" && now + waited - blob.storedAt > input.sweepGraceMs / 2) {
    throw new Rollback({ outcome: "blob too old" });
  }
  const secured =
    blob.kind === "fresh"
      ? await insertBlob(connection, {
          id: blob.id,
          account_id: accountId,
          storage_key: blob.storageKey,
          sha256,
          size,
          created_at: now,
          touched_at: now,
        })
      : await adoptBlob(connection, blob, blob.kind === "heal" ? { now, storageKey: blob.freshKey } : { now });
  if (!secured) throw new Rollback({ outcome: "blob changed" });
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

/** What a version takes over from the one before it: spec/upload-v2.md §8. */
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
    mime: media.mime,
    file_type: media.fileType,
    width: media.width ?? null,
    height: media.height ?? null,
    orientation: media.orientation ?? null,
    has_alpha: media.hasAlpha === undefined ? null : media.hasAlpha ? 1 : 0,
    tags: newTags(request, previous),
    ai_tags: request.overwriteAITags ? null : (previous?.ai_tags ?? null),
    custom_coordinates: request.customCoordinates ?? null,
    custom_metadata: newCustomMetadata(input, previous),
    embedded_metadata: media.embeddedMetadata ?? null,
    description: request.description ?? (request.overwriteDescription ? null : (previous?.description ?? null)),
    is_private_file: request.isPrivateFile ? 1 : 0,
    is_published: request.isPublished ? 1 : 0,
    object_version: input.objectVersion,
    created_at: now,
    updated_at: now,
  };
}

function newTags(request: UploadRequest, previous: VersionRow | undefined): string | null {
  if (request.tags !== undefined) return request.tags.length === 0 ? null : JSON.stringify(request.tags);
  return request.overwriteTags ? null : (previous?.tags ?? null);
}

function newCustomMetadata(
  { request, customMetadata = null }: CommitUploadInput,
  previous: VersionRow | undefined,
): string | null {
  const keeps = request.customMetadata === undefined && !request.overwriteCustomMetadata;
  const kept = keeps ? (previous?.custom_metadata ?? null) : null;
  if (kept === null || customMetadata === null) return kept ?? customMetadata;
  // Fields that are required and that the version before had no value of.
  return JSON.stringify({ ...JSON.parse(customMetadata), ...JSON.parse(kept) });
}
