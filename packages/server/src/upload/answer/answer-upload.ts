import type { UploadResponse } from "@sluice/protocol";
import type { FileMetadata } from "@sluice/protocol/schemas";
import type { Principal } from "../../accounts/authenticate.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import type { SessionHold } from "../../database/repositories/upload-sessions.ts";
import type { TokenKey } from "../../database/repositories/used-tokens.ts";
import { awaitExtensions, firstStatuses } from "../../extensions/await-extensions.ts";
import type { RunDeps } from "../../extensions/run-extension.ts";
import { storedMetadata } from "../../library/files/file-metadata.ts";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";
import type { UploadDeps } from "../deps.ts";
import { keepTokenAnswer } from "../ledger/token-transactions.ts";
import { fieldsOnce, fieldsToAnswer } from "../resolve/custom-metadata.ts";
import type { ResolvedUpload } from "../resolve/resolve-upload.ts";
import type { UploadRequest } from "../resolve/validate.ts";
import { keepSessionAnswer } from "../resumable/sessions/end-transactions.ts";
import { answerAsAsked, answerToKeep, keepAnswer, recallAnswer } from "./kept-answer.ts";
import { type AnswerContext, findUploadThumbnailKey, isStillThere, respond } from "./respond.ts";
import { type OwnAnswer, ownAnswer, withheldFrom } from "./taken-over.ts";

interface LastAnswer extends OwnAnswer {
  /** The answer that the upload's transaction has kept. */
  readonly first: AnswerContext;
  readonly last: AnswerContext;
}

/** The upload's entries in the database that keep its answer for those who ask later. */
interface AnswerKeepers {
  readonly token: TokenKey | undefined;
  readonly session?: Pick<SessionHold, "digest"> | undefined;
}

/**
 * Collects what the answer says beside the version, as of before the commit: nothing that fails after it may refuse an
 * upload that is stored.
 */
export async function answerBeforeCommit(
  deps: Pick<UploadDeps, "database" | "now" | "publicUrl">,
  { principal, request, fields, extensions }: ResolvedUpload,
  { kind }: MediaFacts,
  metadata: FileMetadata | null | undefined,
): Promise<AnswerContext> {
  const asset = { kind, is_private_file: request.isPrivateFile ? 1 : 0 } as const;
  return {
    publicUrl: deps.publicUrl(),
    imagekitId: principal.imagekitId,
    thumbnailKey: await findUploadThumbnailKey(deps, principal, asset),
    fields,
    metadata,
    ...(extensions && { extensionStatus: firstStatuses(extensions) }),
  };
}

/** Answers a stored upload, once those of its extensions have ended that the answer waits for. */
export async function answerUpload(
  deps: RunDeps & Pick<UploadDeps, "database">,
  { plan, token, session }: AnswerKeepers & { readonly plan: ResolvedUpload },
  committed: AssetRow,
  first: AnswerContext,
  signal: AbortSignal,
): Promise<UploadResponse> {
  const { principal, request, extensions } = plan;
  const { asset, extensionStatus } = await awaitExtensions(deps, extensions, committed, signal);
  const last = { ...first, extensionStatus };
  const { responseFields } = request;
  const own = ownAnswer({ asset, responseFields }, withheldFrom(principal, request), extensionStatus);
  await keepLastAnswer(deps, { token, session }, { ...own, first, last });
  return respond(own.asset, own.responseFields, last);
}

/**
 * Keeps the upload's final answer with the token and the session when extensions have ended since the transaction. The
 * upload is stored by then. When this write to the database fails, a client that asks gets the answer from before the
 * extensions ended.
 */
export async function keepLastAnswer(
  { database }: Pick<UploadDeps, "database">,
  { token, session }: AnswerKeepers,
  { asset, responseFields, first, last }: LastAnswer,
): Promise<void> {
  const [before = {}, after = {}] = [first.extensionStatus, last.extensionStatus];
  if (Object.keys(after).every((name) => before[name] === after[name])) return;
  const answer = keepAnswer(asset, answerToKeep(responseFields, last));
  const writes = [
    token && database.run(keepTokenAnswer, { ...token, answer }),
    session && database.run(keepSessionAnswer, { digest: session.digest, answer }),
  ];
  await Promise.allSettled(writes);
}

export type RecallDeps = Pick<UploadDeps, "blobs" | "config" | "customFields" | "database" | "now" | "publicUrl"> & {
  readonly images: Pick<UploadDeps["images"], "fingerprint" | "readHeader" | "render">;
};

interface AnswerToRecall {
  readonly principal: Principal;
  /** The version that the upload became, as it is now. */
  readonly version: AssetRow;
  /** The kept answer; null where an earlier version of this program kept none. */
  readonly kept: string | null;
  readonly request: UploadRequest;
}

/** Answers a stored upload once more, as it was answered first, whatever has happened to the file since. */
export async function recallResponse(
  deps: RecallDeps,
  { principal, version, kept, request }: AnswerToRecall,
  signal: AbortSignal,
): Promise<UploadResponse> {
  const accountId = version.account_id;
  const recalled = kept === null ? answerAsAsked(version, request) : recallAnswer(version, kept);
  const { extensionStatus } = recalled;
  const withheld = withheldFrom(principal, request);
  const asked = { asset: recalled.asset, responseFields: request.responseFields };
  const { asset, responseFields: shown } = ownAnswer(asked, withheld, extensionStatus);
  const fields = await fieldsToAnswer(fieldsOnce(deps.customFields), accountId, request.responseFields);
  const responseFields = new Set(shown);
  if (!recalled.describes(fields)) responseFields.delete("selectedFieldsSchema");
  const describes = responseFields.has("metadata");
  // The upload's answer does the same. The client mainly wants to know whether the upload is stored.
  const hash = "if there is room";
  const metadata = describes ? ((await storedMetadata(deps, accountId, asset, signal, { hash })) ?? null) : null;
  const thumbnailKey = isStillThere(version, asset) ? await findUploadThumbnailKey(deps, principal, asset) : undefined;
  const { imagekitId } = principal;
  const context = { publicUrl: deps.publicUrl(), imagekitId, thumbnailKey, fields, metadata, extensionStatus };
  return respond(asset, responseFields, context);
}
