import type { UploadResponse } from "@sluice/protocol";
import type { SessionHold } from "../../database/repositories/upload-sessions.ts";
import type { TokenKey } from "../../database/repositories/used-tokens.ts";
import { eventContextOf } from "../../events/event-context.ts";
import { awaitExtensions, firstStatuses } from "../../extensions/await-extensions.ts";
import { assertRoom } from "../../library/content/storage-room.ts";
import type { ThumbnailKey } from "../../library/files/thumbnail-key.ts";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import { keepLastAnswer } from "../answer/keep-last-answer.ts";
import { respond } from "../answer/respond.ts";
import { ownAnswer, withheldFrom } from "../answer/taken-over.ts";
import { findUploadThumbnailKey } from "../answer/upload-thumbnail-key.ts";
import type { UploadNeeds } from "../needs.ts";
import type { UploadPlan } from "../resolve/resolve-upload.ts";
import { commit } from "./commit.ts";
import { describe } from "./describe.ts";
import { inspect } from "./inspect.ts";
import { type PreparedFile, prepare } from "./prepare/prepare.ts";

/** A whole file, with the plan by which it is stored. */
export interface UploadToStore {
  readonly plan: UploadPlan;
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

type StoreNeeds = Pick<
  UploadNeeds,
  | "blobs"
  | "config"
  | "customFields"
  | "database"
  | "extensions"
  | "images"
  | "logger"
  | "metrics"
  | "now"
  | "publicUrl"
  | "scanner"
  | "spool"
>;

/**
 * Stores a file from the spool as a version, however the file came into the spool.
 * @returns the upload's answer
 * @throws SluiceError for a refusal, the signal's reason; nothing is left behind then
 */
export async function storeUpload(
  needs: StoreNeeds,
  { plan, file, head, token, session, client, requestId, onStored }: UploadToStore,
  signal: AbortSignal,
): Promise<UploadResponse> {
  const { config } = needs;
  const { principal, request, pre, customMetadata, checkFile } = plan;
  let prepared: PreparedFile | undefined;
  try {
    await needs.scanner.scan(file, signal);
    const party = { account: principal.accountId, client };
    const { readHeader } = needs.images;
    const facts = await inspect({ ...file, head }, request, config.fileSize, { readHeader, signal, party });
    prepared = await prepare(needs, { party, request, pre, spooled: file, media: facts }, signal);
    const { spooled, media } = prepared;
    if (spooled !== file) await needs.scanner.scan(spooled, signal);
    checkFile({ size: spooled.size, media });
    await assertRoom(needs, principal, spooled.size);
    const metadata = await describe(needs, request, prepared, party, signal);
    const answer = {
      publicUrl: needs.publicUrl(),
      imagekitId: principal.imagekitId,
      // Read before the commit: nothing that fails after it may refuse an upload that is stored.
      thumbnailKey: await thumbnailKeyFor(needs, plan, media),
      fields: plan.fields,
      metadata,
    };
    const events = eventContextOf(principal, answer.publicUrl);
    const { responseFields, transformation } = request;
    const first = { ...answer, ...(plan.extensions && { extensionStatus: firstStatuses(plan.extensions) }) };
    const origin = transformation && { ...first, responseFields, transformation, requestId };
    const extensions = plan.extensions?.runs ?? [];
    const toCommit = { principal, request, media, spooled, customMetadata, extensions, origin, events };
    const committed = await commit(needs, { ...toCommit, token, session, answer: first }, signal);
    needs.metrics.uploadBytes.inc(committed.size);
    if (spooled !== file) await discardArrived(needs, file);
    if (plan.extensions !== undefined) {
      // Other uploads need not wait for this upload's extensions.
      await prepared.discard();
      await onStored();
    }
    const { asset, extensionStatus } = await awaitExtensions(needs, plan.extensions, committed, signal);
    const last = { ...answer, extensionStatus };
    const own = ownAnswer({ asset, responseFields }, withheldFrom(principal, request), extensionStatus);
    await keepLastAnswer(needs, { token, session }, { ...own, first, last });
    return respond(own.asset, own.responseFields, last);
  } finally {
    await prepared?.discard();
  }
}

function thumbnailKeyFor(
  needs: StoreNeeds,
  { principal, request }: UploadPlan,
  { kind }: MediaFacts,
): Promise<ThumbnailKey | undefined> {
  const asset = { kind, is_private_file: request.isPrivateFile ? 1 : 0 } as const;
  return findUploadThumbnailKey(needs, principal, asset);
}

/** Deletes a blob that arrived, once the version is stored with other bytes than those. The sweep deletes one that stays. */
async function discardArrived({ blobs }: Pick<StoreNeeds, "blobs">, { arrived }: SpooledFile): Promise<void> {
  if (arrived !== undefined) await blobs.delete(arrived.key).catch(() => undefined);
}
