import type { Principal } from "../../accounts/authenticate.ts";
import { seesLibrary } from "../../accounts/key-roles.ts";
import type { StorageUse } from "../../accounts/storage-limit.ts";
import { type Connection, Rollback } from "../../database/database.ts";
import { holdActiveAccount } from "../../database/repositories/accounts.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import {
  claimFileName,
  type FileRow,
  findVersion,
  insertFile,
  type LockedFile,
  type VersionRow,
} from "../../database/repositories/files.ts";
import { ensureFolder, findFolderOfActive, findFolderWithKeyPair } from "../../database/repositories/folders.ts";
import { linkSession, type SessionHold } from "../../database/repositories/upload-sessions.ts";
import { addEvent } from "../../database/repositories/usage.ts";
import { linkUsedToken, type TokenKey } from "../../database/repositories/used-tokens.ts";
import { indexFiles, indexNewFile } from "../../database/search-index/write-index.ts";
import type { EventContext } from "../../events/event-context.ts";
import { type NewExtensionRun, startRuns } from "../../extensions/start-runs.ts";
import type { UnsecuredContent } from "../../library/content/secure-blob.ts";
import { assertStorage } from "../../library/content/storage-room.ts";
import { type CustomMetadataExcess, excessOf } from "../../library/custom-metadata/check-values.ts";
import { readCustomMetadata } from "../../library/custom-metadata/field.ts";
import {
  columnsOfUpload,
  type GivenValues,
  type VisibilityName,
  visibilityColumns,
} from "../../library/details/stored-columns.ts";
import { recordFileEvents } from "../../library/files/file-events.ts";
import { addVersion, type VersionDetails } from "../../library/versions/add-version.ts";
import type { VersionStored, VersionToAdd } from "../../library/versions/enter-version.ts";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";
import { dayOf } from "../../text/day.ts";
import { storedUpload } from "../../usage/counted.ts";
import { type AnswerToKeep, keepAnswer } from "../answer/kept-answer.ts";
import { ownAnswer, type TakenOver } from "../answer/taken-over.ts";
import { settleQueuedUpload } from "../queued/queue-transactions.ts";
import type { UploadRequest } from "../resolve/validate.ts";
import { followTransformations, type UploadOrigin } from "./follow-transformations.ts";

/**
 * The members of the request that the transaction needs. There are no others, because the input is sent to another
 * thread.
 */
export type RequestToStore = GivenValues &
  Pick<UploadRequest, "folder" | "useUniqueFileName" | "overwriteFile" | "overwriteAITags" | "givenVisibility">;

/** The input of the transaction. A new file has the id of its first version. */
export interface CommitUploadInput extends VersionToAdd {
  readonly accountId: string;
  /** The key pair that let the upload in. Absent where the server itself stores a file. */
  readonly key?: Principal["key"];
  /** The name under which the file is stored, with the unique suffix if one was asked for. */
  readonly name: string;
  readonly request: RequestToStore;
  readonly media: MediaFacts;
  /**
   * The custom metadata of the version, unless the version keeps the custom metadata of the version before. It is JSON,
   * or null for none.
   */
  readonly customMetadata?: string | null;
  readonly keepsCustomMetadata: boolean;
  /** The facts that the key pair isn't answered of a new version of a file that is there. Absent where it sees all. */
  readonly withheld?: TakenOver;
  /**
   * The token whose entry in the ledger records that this version came of it, and how the upload was answered. Absent
   * if the private key was sent.
   */
  readonly token?: (TokenKey & { readonly answer: AnswerToKeep }) | undefined;
  /** The session that the file came by, and its answer. The transaction is the session's end, so it happens once. */
  readonly session?: (SessionHold & { readonly answer: AnswerToKeep }) | undefined;
  /** The queued upload whose file this is, and its answer. The transaction is its end, so it happens once. */
  readonly queued?: { readonly id: string; readonly answer: AnswerToKeep };
  readonly extensions?: readonly NewExtensionRun[];
  /** The receivers of the events about the file. */
  readonly events?: EventContext | undefined;
  /** The origin is set if the upload has a `transformation`. */
  readonly origin?: UploadOrigin | undefined;
  /** The server's limit, for an account without a limit of its own. Absent if storage isn't limited. */
  readonly storageLimit?: number;
}

/** The reason why an upload's transaction stored nothing. */
export type CommitUploadRefusal =
  | ({ readonly outcome: "storage limit" } & StorageUse)
  | {
      readonly outcome:
        | "name taken"
        | "version limit"
        | "abandoned"
        | "account disabled"
        | "key revoked"
        | "may not overwrite"
        | CustomMetadataExcess;
    }
  | { readonly outcome: "may not change visibility"; readonly parameter: VisibilityName };

export type CommitUploadOutcome = VersionStored | UnsecuredContent | CommitUploadRefusal;

/**
 * Runs the upload's only transaction. It stores the folder, the blob, the file and the version, or nothing
 * (docs/architecture.md decision 2).
 */
export async function commitUpload(connection: Connection, input: CommitUploadInput): Promise<CommitUploadOutcome> {
  const { accountId, request, storageLimit } = input;
  if (storageLimit !== undefined) {
    await assertStorage(connection, accountId, {
      size: input.size,
      standard: storageLimit,
      now: input.now,
      session: input.session?.digest,
      queued: input.queued?.id,
    });
  }
  const folder = await findOrMakeFolder(connection, input);
  const file = await placeFile(connection, newFile(input, folder.id), input);
  const previous = file === undefined ? undefined : await findVersion(connection, file.current_version_id);
  const details = () => newDetails(input, previous);
  const version = await addVersion(connection, { accountId, file, version: input, media: input.media, details });
  const now = version.created_at;
  const asset: AssetRow = {
    ...version,
    name: input.name,
    folder_path: request.folder,
    current_version_id: version.id,
    file_created_at: file?.created_at ?? now,
    folder_moved_at: folder.movedAt,
  };
  if (file === undefined) await indexNewFile(connection, { ...asset, folder_id: folder.id });
  else await indexFiles(connection, [file.id]);
  const keep = (answer: AnswerToKeep) => {
    const own = ownAnswer({ asset, responseFields: answer.responseFields }, input.withheld ?? []);
    return keepAnswer(own.asset, { ...answer, responseFields: own.responseFields });
  };
  if (input.session !== undefined) {
    const { answer, ...hold } = input.session;
    const link = { ...hold, version_id: version.id, answer: keep(answer) };
    if (!(await linkSession(connection, link))) throw new Rollback({ outcome: "abandoned" });
  }
  if (input.queued !== undefined) {
    const end = { version_id: version.id, answer: keep(input.queued.answer) };
    if (!(await settleQueuedUpload(connection, accountId, input.queued.id, end))) {
      throw new Rollback({ outcome: "abandoned" });
    }
  }
  if (input.token !== undefined) {
    const { answer, ...key } = input.token;
    const link = { ...key, version_id: version.id, answer: keep(answer) };
    if (!(await linkUsedToken(connection, link))) throw new Rollback({ outcome: "abandoned" });
  }
  if (input.extensions !== undefined) {
    await startRuns(connection, version, input.extensions, now, file === undefined ? [] : input.withheld);
  }
  if (input.origin !== undefined) await followTransformations(connection, asset, input.events, input.origin);
  const source = version.file_id.slice(-1);
  await addEvent(connection, { ...storedUpload, accountId, day: dayOf(now), source, bytes: version.size });
  const types = file === undefined ? (["file.created"] as const) : (["file-version.created", "file.updated"] as const);
  await recordFileEvents(connection, input.events, types, asset);
  return { outcome: "stored", asset };
}

/**
 * Finds the folder of the upload, or makes it. An upload that was let in while the account was active must leave
 * nothing in an account that is being erased, and none is stored once its key pair is revoked.
 */
async function findOrMakeFolder(
  connection: Connection,
  { accountId, key, request, now }: CommitUploadInput,
): Promise<{ readonly id: string; readonly movedAt: number }> {
  const found =
    key === undefined
      ? await findFolderOfActive(connection, accountId, request.folder)
      : await findFolderWithKeyPair(connection, accountId, request.folder, key.id);
  if (found === undefined) {
    const isActive = await holdActiveAccount(connection, accountId);
    throw new Rollback({ outcome: isActive ? "key revoked" : "account disabled" });
  }
  const { folderId, movedAt } = found;
  if (folderId !== null) return { id: folderId, movedAt: movedAt ?? 0 };
  return { id: await ensureFolder(connection, accountId, request.folder, now), movedAt: 0 };
}

/** @returns the file of which the upload becomes a version; undefined if `row` was inserted as a new file */
async function placeFile(
  connection: Connection,
  row: FileRow,
  { key, request: { useUniqueFileName, overwriteFile } }: CommitUploadInput,
): Promise<LockedFile | undefined> {
  if (useUniqueFileName) {
    // As a rule, no file has the unique name, so no file is looked for first. A name that collides doesn't mean that
    // the client wants to overwrite another file, so the caller makes another name.
    if (!(await insertFile(connection, row))) throw new Rollback({ outcome: "name taken" });
    return undefined;
  }
  const file = await claimFileName(connection, row);
  if (file === undefined) return undefined;
  if (!overwriteFile) throw new Rollback({ outcome: "name taken" });
  // The file is locked or was inserted by now, so no other upload can make this an overwriting one afterwards.
  if (key?.mayOverwrite === false) throw new Rollback({ outcome: "may not overwrite" });
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

/**
 * Returns the details of the new version, some of which come from the version before it (docs/protocol/upload.md §8).
 */
function newDetails(input: CommitUploadInput, previous: VersionRow | undefined): VersionDetails {
  const { request } = input;
  return {
    ...columnsOfUpload(request, previous),
    ...(previous !== undefined && keptVisibility(input, previous)),
    ai_tags: request.overwriteAITags ? null : (previous?.ai_tags ?? null),
    custom_metadata: newCustomMetadata(input, previous),
  };
}

/**
 * A key pair that may only upload says nothing about who may see a file that is there: the new version is as private and
 * as much a draft as the one before. A parameter that says otherwise is refused, since neither value would be what both
 * the uploader and the file's owner want.
 */
function keptVisibility(
  { key, request }: CommitUploadInput,
  previous: VersionRow,
): Partial<Pick<VersionRow, (typeof visibilityColumns)[VisibilityName]>> {
  if (key === undefined || seesLibrary(key.role)) return {};
  const given = columnsOfUpload(request, undefined);
  for (const name of request.givenVisibility) {
    const column = visibilityColumns[name];
    if (given[column] !== previous[column]) {
      throw new Rollback({ outcome: "may not change visibility", parameter: name });
    }
  }
  return Object.fromEntries(Object.values(visibilityColumns).map((column) => [column, previous[column]]));
}

function newCustomMetadata(
  { customMetadata = null, keepsCustomMetadata }: CommitUploadInput,
  previous: VersionRow | undefined,
): string | null {
  const kept = keepsCustomMetadata ? (previous?.custom_metadata ?? null) : null;
  if (kept === null || customMetadata === null) return kept ?? customMetadata;
  // `customMetadata` has values of required fields. They apply where the version before had no value.
  const values = { ...readCustomMetadata(customMetadata), ...readCustomMetadata(kept) };
  const excess = excessOf(values);
  if (excess !== undefined) throw new Rollback({ outcome: excess });
  return JSON.stringify(values);
}
