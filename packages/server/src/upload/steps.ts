import type { UploadResponse } from "@sluice/protocol";
import type { UploadQueued } from "@sluice/protocol/schemas";
import type { Party } from "../concurrency/fair-line.ts";
import type { AssetRow } from "../database/repositories/assets.ts";
import { answerBeforeCommit, answerUpload } from "./answer/answer-upload.ts";
import type { AnswerContext } from "./answer/respond.ts";
import type { StoreDeps, UploadDeps } from "./deps.ts";
import { assertRoomToPrepare } from "./form/authorise/choose-authoriser.ts";
import { type FormRequest, UploadForm } from "./form/upload-form.ts";
import { passGates } from "./gate/gates.ts";
import { queueUpload } from "./queued/queue-upload.ts";
import { checkBeforeFile } from "./resolve/caller-checks.ts";
import { fieldsOnce } from "./resolve/custom-metadata.ts";
import { resolveUpload } from "./resolve/resolve-upload.ts";
import type { ResumableDeps } from "./resumable/deps.ts";
import type { Lease } from "./resumable/lease.ts";
import { parseUploadMetadata } from "./resumable/metadata.ts";
import { type Created, type Creation, openSession } from "./resumable/open-session.ts";
import { openReceived, type ReceivedDeps } from "./resumable/received-upload.ts";
import { parametersOf, principalOfSession, verifyCreation } from "./resumable/session-credentials.ts";
import { assertLength, assertStorageFor, maxLengthOf, spaceFor } from "./resumable/size-limits.ts";
import { commitPlan, type UploadToCommitByPlan, type UploadToStore } from "./store/commit.ts";
import { describe, inspect } from "./store/inspect.ts";
import { fitMedia } from "./store/prepare/fit-media.ts";
import { type PreparedFile, prepare } from "./store/prepare/prepare.ts";

/**
 * Takes an upload that comes as a form. Until the form has come to its end, its credentials are judged as its parts
 * come: a token is verified and burnt at its field, wherever that stands.
 * @throws SluiceError for a refusal, ClientGone when the client left; nothing is left behind then
 */
export async function acceptForm(deps: UploadDeps, request: FormRequest): Promise<UploadResponse | UploadQueued> {
  const { client, requestId, signal } = request;
  const form = await UploadForm.open(deps, request);
  try {
    const body = form.openBody();
    const start = await body.toFile();
    if (start !== undefined) await form.limitFile(start);
    const fieldsOf = fieldsOnce(deps.customFields);
    const checks = start && form.admitted && (await checkBeforeFile(fieldsOf, form.admitted, start.fields));
    const { fields, remoteUrl } = await body.toEnd(form.file);
    const principal = form.authorise(fields);
    const plan = await resolveUpload(deps, principal, fields, { fieldsOf, checks });
    if (remoteUrl !== undefined) await form.download(remoteUrl);
    const whole = await form.wholeFile();
    const { token } = form;
    return await storeFile(deps, { plan, ...whole, token, client, requestId, onStored: () => form.release() }, signal);
  } catch (error) {
    form.fail(error);
    throw error;
  } finally {
    await form.close();
  }
}

/**
 * Takes an upload that comes in pieces. Its session is created for what may be stored, as far as that can be told
 * before its bytes come. Each request with a piece of them goes through `receivePiece` then.
 * @throws SluiceError for a refusal, StorageError; nothing is left behind then, and the token is as it was
 */
export async function beginSession(deps: ResumableDeps, creation: Creation): Promise<Created> {
  const { limits } = deps.config;
  const { length, metadata, requestId } = creation;
  const pairs = parseUploadMetadata(metadata, limits);
  const { principal, token } = await verifyCreation(deps, creation, pairs);
  if (token !== undefined) await assertRoomToPrepare(deps.images, token.claims.get("transformation"));
  await creation.admit(principal.accountId);
  await deps.scanner.assertReady();
  const fields = parametersOf(pairs, token, limits.allFieldsBytes);
  deps.unknownParameters.warn(fields.keys(), requestId);
  await assertStorageFor(deps, principal, fields.has("transformation") ? undefined : length);
  const fieldsOf = fieldsOnce(deps.customFields);
  const checks = await checkBeforeFile(fieldsOf, { principal, ...(token && { claims: token.claims }) }, fields);
  assertLength(deps, length);
  const plan = await resolveUpload(deps, principal, fields, { fieldsOf, checks });
  const maxLength = maxLengthOf(deps, plan, length);
  await deps.freeSpace.assert(spaceFor(deps.blobs, length ?? 1));
  return openSession(deps, creation, { principal, token, fields, maxLength });
}

/**
 * Stores an upload whose pieces have all come. Whatever can refuse it without its bytes does so before they are read.
 * @param onStored called when nothing reads the bytes any more. The answer may have to wait longer
 * @throws SluiceError for a refusal, StorageError, the signal's reason; the session is as complete as before then
 */
export async function storeSession(
  deps: ReceivedDeps,
  lease: Lease,
  signal: AbortSignal,
  onStored: () => void,
): Promise<"stored" | "queued"> {
  const { digest, holder, session } = lease;
  const { token, client, requestId } = session;
  const principal = await principalOfSession(deps, session);
  const plan = await resolveUpload(deps, principal, new Map(session.fields));
  await deps.scanner.assertReady(signal);
  const { file, head, settle, close } = await openReceived(deps, lease, signal);
  const settled = () => settle().then(onStored);
  try {
    const upload = { plan, file, head, token, client, requestId, session: { digest, holder }, onStored: settled };
    const answer = await storeFile(deps, upload, signal);
    await settled();
    return "message" in answer ? "queued" : "stored";
  } finally {
    await close();
  }
}

/**
 * Stores a file from the spool as a version, however the file came into the spool. A video that is to be transformed is
 * kept until a job has done that.
 * @returns the upload's answer
 * @throws SluiceError for a refusal, the signal's reason; nothing is left behind then
 */
export async function storeFile(
  deps: StoreDeps,
  upload: UploadToStore,
  signal: AbortSignal,
): Promise<UploadResponse | UploadQueued> {
  const { plan, file, head, client } = upload;
  const { principal, request, pre } = plan;
  const party = { account: principal.accountId, client };
  const reading = { readHeader: deps.images.readHeader, probe: deps.videos.probe, signal, party };
  await passGates("bytes", deps, { file }, signal);
  const media = await inspect({ ...file, head }, request, deps.config.fileSize, reading);
  if (request.transformation !== undefined) {
    fitMedia(request.transformation, media, !("missing" in (await deps.videos.program())));
  }
  if (pre !== undefined && media.kind === "video") return queueUpload(deps, upload, pre, media, signal);
  const prepared = await prepare(deps, { party, request, pre, spooled: file, media }, signal);
  try {
    const { committed, answer } = await storePrepared(deps, upload, prepared, party, signal);
    if (plan.extensions !== undefined) {
      // Other uploads need not wait for this upload's extensions.
      await prepared.discard();
      await upload.onStored();
    }
    return await answerUpload(deps, upload, committed, answer, signal);
  } finally {
    await prepared.discard();
  }
}

/**
 * Stores the bytes that are to be stored, once the upload's gates let it pass.
 * @returns the version, and what the answer says besides
 * @throws SluiceError for a refusal, the signal's reason; nothing is stored then
 */
export async function storePrepared(
  deps: StoreDeps,
  upload: UploadToCommitByPlan,
  prepared: PreparedFile,
  party: Party,
  signal: AbortSignal,
): Promise<{ readonly committed: AssetRow; readonly answer: AnswerContext }> {
  const { plan } = upload;
  const { spooled, media } = prepared;
  await passGates("store", deps, { plan, file: spooled, media }, signal);
  const metadata = await describe(deps, plan.request, prepared, party, signal);
  const answer = await answerBeforeCommit(deps, plan, media, metadata);
  const committed = await commitPlan(deps, upload, prepared, answer, signal);
  return { committed, answer };
}
