import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../accounts/authenticate.ts";
import { storageExceeded, storageLimitOf } from "../accounts/storage-limit.ts";
import type { Services } from "../app/services.ts";
import { DatabaseError } from "../database/database.ts";
import { type AssetRow, findVersionById } from "../database/repositories/assets.ts";
import type { TokenKey } from "../database/repositories/used-tokens.ts";
import type { EventContext } from "../events/event-context.ts";
import type { NewExtensionRun } from "../extensions/start-runs.ts";
import { excessError, isExcess } from "../library/custom-metadata/check-values.ts";
import { uniqueName } from "../library/names/file-name.ts";
import { newObjectVersion } from "../library/versions/object-version.ts";
import type { MediaFacts } from "../media/inspect/inspect-media.ts";
import type { SpooledFile } from "../spool/spool-file.ts";
import { newId } from "../text/id.ts";
import { type CommitUploadInput, maxVersions, type RequestToStore } from "./commit-transaction.ts";
import { answerToKeep } from "./outcome/kept-answer.ts";
import type { UploadOrigin } from "./prepare/follow-transformations.ts";
import type { AnswerContext } from "./respond.ts";
import { chooseBlob, FreshCopy } from "./store-content.ts";
import type { UploadRequest } from "./validate.ts";

/** How often a commit starts again because others changed what it had looked at. */
const maxAttempts = 10;

export interface UploadToCommit {
  readonly principal: Principal;
  readonly request: UploadRequest;
  readonly media: MediaFacts;
  readonly spooled: SpooledFile;
  /** JSON; null for none. */
  readonly customMetadata?: string | null;
  /** The one that it was let in with. */
  readonly token?: TokenKey | undefined;
  /** What the answer shows beside the version: kept with the token. */
  readonly answer?: Pick<AnswerContext, "fields" | "extensionStatus"> | undefined;
  /** To be run on what is committed. */
  readonly extensions?: readonly NewExtensionRun[];
  /** Who is told of it. */
  readonly events?: EventContext | undefined;
  /** Where it has a `transformation`. */
  readonly origin?: UploadOrigin | undefined;
}

type CommitServices = Pick<Services, "blobs" | "config" | "database" | "now">;

/**
 * Makes the bytes durable, then the rows that name them, in this order (docs/architecture.md decision 2).
 * @returns the version as it was committed
 * @throws SluiceError FILE_ALREADY_EXISTS, VERSION_LIMIT_EXCEEDED, STORAGE_LIMIT_EXCEEDED, ACCOUNT_DISABLED, UPLOAD_ABANDONED,
 *   STORAGE_UNAVAILABLE; nothing is stored then
 */
export async function commit(services: CommitServices, upload: UploadToCommit, signal: AbortSignal): Promise<AssetRow> {
  const { blobs, config, database, now } = services;
  const { principal, request, media, spooled, customMetadata = null, extensions = [], origin, events } = upload;
  const token = upload.token && {
    ...upload.token,
    answer: answerToKeep(request.responseFields, upload.answer ?? { fields: [] }),
  };
  const { accountId } = principal;
  const storageLimit = storageLimitOf(principal, config);
  const versionId = newId(now());
  const copy = new FreshCopy(services, spooled, signal);
  let fate: "ours" | "nobody's" | "unknown" = "nobody's";
  try {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const blob = await chooseBlob(services, accountId, copy, signal);
      const input: CommitUploadInput = {
        accountId,
        versionId,
        objectVersion: newObjectVersion(),
        name: request.useUniqueFileName ? uniqueName(request.fileName) : request.fileName,
        request: requestToStore(request),
        media,
        sha256: spooled.sha256,
        size: spooled.size,
        customMetadata,
        keepsCustomMetadata: request.customMetadata === undefined && !request.overwriteCustomMetadata,
        blob,
        token,
        ...(extensions.length > 0 && { extensions }),
        origin,
        events,
        ...(storageLimit !== undefined && { storageLimit: config.limits.storageBytes }),
        sweepGraceMs: config.limits.sweepGraceMs,
        now: now(),
        madeAt: Date.now(),
      };
      fate = "unknown";
      const result = await runCommit(database, input);
      fate = "nobody's";
      if (result.outcome === "stored") {
        if (blob.kind !== "adopt") fate = "ours";
        return result.asset;
      }
      if (result.outcome === "version limit") throw new SluiceError("VERSION_LIMIT_EXCEEDED", { limit: maxVersions });
      if (result.outcome === "name taken" && !request.useUniqueFileName) throw new SluiceError("FILE_ALREADY_EXISTS");
      if (result.outcome === "storage limit") throw storageExceeded(result);
      if (isExcess(result.outcome)) throw excessError(result.outcome);
      if (result.outcome === "account disabled") throw new SluiceError("ACCOUNT_DISABLED");
      if (result.outcome === "abandoned") throw new SluiceError("UPLOAD_ABANDONED");
      if (result.outcome === "blob too old") break;
    }
    throw new SluiceError("STORAGE_UNAVAILABLE");
  } finally {
    // What may have been committed after all is left to the sweep, which looks before it deletes.
    if (fate === "nobody's" && copy.key !== undefined) await blobs.delete(copy.key).catch(() => undefined);
  }
}

function requestToStore(request: UploadRequest): RequestToStore {
  return {
    folder: request.folder,
    useUniqueFileName: request.useUniqueFileName,
    overwriteFile: request.overwriteFile,
    tags: request.tags,
    overwriteTags: request.overwriteTags,
    overwriteAITags: request.overwriteAITags,
    customCoordinates: request.customCoordinates,
    description: request.description,
    overwriteDescription: request.overwriteDescription,
    isPrivateFile: request.isPrivateFile,
    isPublished: request.isPublished,
  };
}

/** When the answer to a COMMIT is lost, what is there decides; where nobody can look, its outcome stays unknown. */
async function runCommit(database: Services["database"], input: CommitUploadInput) {
  try {
    return await database.run("commitUpload", input);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const asset = await findVersionById(database.reader, input.accountId, input.versionId).catch(() => undefined);
    if (asset === undefined) throw error;
    return { outcome: "stored", asset } as const;
  }
}
