import type { UploadResponse } from "@sluice/protocol";
import { assertRoom } from "../library/content/storage-room.ts";
import { answerBeforeCommit, answerUpload } from "./answer/answer-upload.ts";
import { type FormRequest, UploadForm } from "./form/upload-form.ts";
import type { UploadNeeds } from "./needs.ts";
import { checkBeforeFile } from "./resolve/check.ts";
import { fieldsOnce } from "./resolve/custom-metadata.ts";
import { resolveUpload } from "./resolve/resolve-upload.ts";
import { commitPlan } from "./store/commit.ts";
import { describe } from "./store/describe.ts";
import { inspect } from "./store/inspect.ts";
import { prepare } from "./store/prepare/prepare.ts";
import type { UploadToStore } from "./store/upload-to-store.ts";

/**
 * Takes an upload that comes as a form. Until the form has come to its end, its credentials are judged as its parts
 * come: a token is verified and burnt at its field, wherever that stands.
 * @throws SluiceError for a refusal, ClientGone when the client left; nothing is left behind then
 */
export async function acceptForm(needs: UploadNeeds, request: FormRequest): Promise<UploadResponse> {
  const { client, requestId, signal } = request;
  const form = await UploadForm.open(needs, request);
  try {
    const body = form.openBody();
    const start = await body.toFile();
    if (start !== undefined) await form.boundFile(start);
    const fieldsOf = fieldsOnce(needs.customFields);
    const checks = start && form.admitted && (await checkBeforeFile(fieldsOf, form.admitted, start.fields));
    const { fields, remoteUrl } = await body.toEnd(form.file);
    const principal = form.authorise(fields);
    const plan = await resolveUpload(needs, principal, fields, { fieldsOf, checks });
    if (remoteUrl !== undefined) await form.download(remoteUrl);
    const whole = await form.wholeFile();
    const { token } = form;
    return await storeFile(needs, { plan, ...whole, token, client, requestId, onStored: () => form.release() }, signal);
  } catch (error) {
    form.fail(error);
    throw error;
  } finally {
    await form.close();
  }
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
export async function storeFile(
  needs: StoreNeeds,
  upload: UploadToStore,
  signal: AbortSignal,
): Promise<UploadResponse> {
  const { plan, file, head, client } = upload;
  const { principal, request, pre } = plan;
  const party = { account: principal.accountId, client };
  const { readHeader } = needs.images;
  await needs.scanner.scan(file, signal);
  const facts = await inspect({ ...file, head }, request, needs.config.fileSize, { readHeader, signal, party });
  const prepared = await prepare(needs, { party, request, pre, spooled: file, media: facts }, signal);
  try {
    const { spooled, media } = prepared;
    plan.checkFile({ size: spooled.size, media });
    await assertRoom(needs, principal, spooled.size);
    const metadata = await describe(needs, request, prepared, party, signal);
    const answer = await answerBeforeCommit(needs, plan, media, metadata);
    const committed = await commitPlan(needs, upload, prepared, answer, signal);
    if (plan.extensions !== undefined) {
      // Other uploads need not wait for this upload's extensions.
      await prepared.discard();
      await upload.onStored();
    }
    return await answerUpload(needs, upload, committed, answer, signal);
  } finally {
    await prepared.discard();
  }
}
