import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { storageExceeded, storageLimitOf } from "../../accounts/storage-limit.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import type { QueuedUploadRow } from "../../database/repositories/queued-uploads.ts";
import type { SessionHold } from "../../database/repositories/upload-sessions.ts";
import type { TokenKey } from "../../database/repositories/used-tokens.ts";
import { eventContextOf } from "../../events/event-context.ts";
import { excessError } from "../../library/custom-metadata/check-values.ts";
import { givenValues } from "../../library/details/stored-columns.ts";
import { joinPath, uniqueName } from "../../library/names.ts";
import { maxVersions } from "../../library/versions/add-version.ts";
import { enterVersion, startAgain, type VersionToAdd } from "../../library/versions/enter-version.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import { answerToKeep } from "../answer/kept-answer.ts";
import type { AnswerContext } from "../answer/respond.ts";
import { withheldFrom } from "../answer/taken-over.ts";
import type { UploadDeps } from "../deps.ts";
import type { ResolvedUpload } from "../resolve/resolve-upload.ts";
import type { UploadRequest } from "../resolve/validate.ts";
import type { CommitUploadInput, CommitUploadRefusal, RequestToStore } from "./commit-transaction.ts";
import { commitUpload } from "./commit-transaction.ts";
import type { PreparedFile } from "./prepare/prepare.ts";

interface UploadToCommit
  extends Pick<CommitUploadInput, "customMetadata" | "events" | "extensions" | "media" | "origin"> {
  readonly principal: Principal;
  readonly request: UploadRequest;
  readonly spooled: SpooledFile;
  /** The token with which the upload was let in. */
  readonly token?: TokenKey | undefined;
  /** The session that the file came by. */
  readonly session?: SessionHold | undefined;
  /** The part of the answer that is shown in addition to the version. It is kept with the token and the session. */
  readonly answer?: Pick<AnswerContext, "fields" | "extensionStatus"> | undefined;
  /** The queued upload whose file this is, with the name that was chosen for it. */
  readonly queued?: Pick<QueuedUploadRow, "id" | "name"> | undefined;
}

type CommitDeps = Pick<UploadDeps, "blobs" | "config" | "database" | "now">;

/** An upload whose file is prepared. */
export interface UploadToCommitByPlan
  extends Pick<UploadToStore, "plan" | "file" | "token" | "session" | "requestId">,
    Pick<UploadToCommit, "queued"> {}

/**
 * Stores the prepared file as the upload's plan says.
 * @param answer what the answer says beside the version. Events and a client that asks later are told the same
 * @throws SluiceError as `commit`
 */
export async function commitPlan(
  deps: CommitDeps & Pick<UploadDeps, "metrics">,
  { plan, file, token, session, queued, requestId }: UploadToCommitByPlan,
  { spooled, media }: PreparedFile,
  answer: AnswerContext,
  signal: AbortSignal,
): Promise<AssetRow> {
  const { principal, request, customMetadata, extensions } = plan;
  const { responseFields, transformation } = request;
  const origin = transformation && { ...answer, responseFields, transformation, requestId };
  const events = eventContextOf(principal, answer.publicUrl);
  const stored = { principal, request, media, spooled, customMetadata, extensions: extensions?.runs ?? [] };
  const asset = await commit(deps, { ...stored, token, session, queued, answer, origin, events }, signal);
  deps.metrics.uploadBytes.inc(asset.size);
  // The version has other bytes than the blob that arrived. The sweep deletes one that can't be deleted now.
  if (spooled !== file && file.arrived !== undefined) {
    await deps.blobs.delete(file.arrived.key).catch(() => undefined);
  }
  return asset;
}

/**
 * Stores the upload as a version of the file that it names.
 * @returns the version as it was committed
 * @throws SluiceError FILE_ALREADY_EXISTS, KEY_MAY_NOT_OVERWRITE, KEY_MAY_NOT_CHANGE_VISIBILITY,
 * VERSION_LIMIT_EXCEEDED, STORAGE_LIMIT_EXCEEDED, ACCOUNT_DISABLED, PRIVATE_KEY_EXPIRED, UPLOAD_ABANDONED, STORAGE_UNAVAILABLE; then nothing is stored
 */
export async function commit(deps: CommitDeps, upload: UploadToCommit, signal: AbortSignal): Promise<AssetRow> {
  const { principal, request, spooled } = upload;
  const { accountId } = principal;
  const inputOf = inputFor(deps, upload);
  const result = await enterVersion(
    deps,
    { accountId, spooled, versionId: upload.queued?.id },
    async (version) => {
      const done = await deps.database.run(commitUpload, inputOf(version));
      // Starting again makes another unique name.
      return done.outcome === "name taken" && request.useUniqueFileName ? startAgain : done;
    },
    signal,
  );
  if (result.outcome === "stored") return result.asset;
  throw refusalOf(result, request);
}

/** @returns a function that makes the input of each attempt's transaction */
function inputFor({ config }: CommitDeps, upload: UploadToCommit): (version: VersionToAdd) => CommitUploadInput {
  const { principal, request, media, customMetadata = null, extensions = [], origin, events, queued } = upload;
  const answer = answerToKeep(request.responseFields, upload.answer ?? { fields: [] });
  const token = upload.token && { ...upload.token, answer };
  const session = upload.session && { ...upload.session, answer };
  const withheld = withheldFrom(principal, request);
  let chosen = queued?.name;
  const takeName = (): string => {
    const name = chosen ?? chooseName(request);
    chosen = undefined;
    return name;
  };
  return (version) => ({
    ...version,
    accountId: principal.accountId,
    key: principal.key,
    name: takeName(),
    request: requestToStore(request),
    media,
    customMetadata,
    keepsCustomMetadata: request.customMetadata === undefined && !request.overwriteCustomMetadata,
    ...(withheld.length > 0 && { withheld }),
    token,
    ...(session && { session }),
    ...(queued && { queued: { id: queued.id, answer } }),
    ...(extensions.length > 0 && { extensions }),
    origin,
    events,
    ...storageLimitFor(principal, config),
  });
}

/** The server's limit for the transaction, where the account's storage is limited. */
export function storageLimitFor(
  principal: Principal,
  config: CommitDeps["config"],
): Pick<CommitUploadInput, "storageLimit"> {
  return storageLimitOf(principal, config) === undefined ? {} : { storageLimit: config.limits.storageBytes };
}

/** The name under which the file is stored. A unique one may be taken all the same, and is then chosen anew. */
export function chooseName({ useUniqueFileName, fileName }: UploadRequest): string {
  return useUniqueFileName ? uniqueName(fileName) : fileName;
}

export function refusalOf(
  refusal: CommitUploadRefusal,
  { folder, fileName }: Pick<UploadRequest, "folder" | "fileName">,
): SluiceError {
  switch (refusal.outcome) {
    case "storage limit":
      return storageExceeded(refusal);
    case "version limit":
      return new SluiceError("VERSION_LIMIT_EXCEEDED", { limit: maxVersions });
    case "name taken":
      return new SluiceError("FILE_ALREADY_EXISTS");
    case "account disabled":
      return new SluiceError("ACCOUNT_DISABLED");
    case "key revoked":
      return new SluiceError("PRIVATE_KEY_EXPIRED");
    case "may not overwrite":
      return new SluiceError("KEY_MAY_NOT_OVERWRITE", { path: joinPath(folder, fileName) });
    case "may not change visibility":
      return new SluiceError("KEY_MAY_NOT_CHANGE_VISIBILITY", {
        parameter: refusal.parameter,
        path: joinPath(folder, fileName),
      });
    case "abandoned":
      return new SluiceError("UPLOAD_ABANDONED");
    default:
      return excessError(refusal.outcome);
  }
}

function requestToStore(request: UploadRequest): RequestToStore {
  const { folder, useUniqueFileName, overwriteFile, overwriteAITags, givenVisibility } = request;
  return { ...givenValues(request), folder, useUniqueFileName, overwriteFile, overwriteAITags, givenVisibility };
}

/** A whole file, with the plan by which it is stored. */
export interface UploadToStore {
  readonly plan: ResolvedUpload;
  /** The file is lent. Its owner discards it, at `onStored` at the earliest and as late as the owner wants to. */
  readonly file: SpooledFile;
  /** The file's first bytes, enough to tell its type. */
  readonly head: Uint8Array;
  /** The token that the upload was let in with. */
  readonly token: TokenKey | undefined;
  /** The session that the file came by, if it is a resumable upload. */
  readonly session?: SessionHold | undefined;
  /** The client's network, as `clientNetwork` returns it. */
  readonly client: string;
  /** Names the upload in the answer and in the events of its transformations. */
  readonly requestId: string;
  /** Awaited when the answer waits for extensions, once the version is stored and nothing reads the file any more. */
  readonly onStored: () => Promise<void>;
}
