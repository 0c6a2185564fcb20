import { SluiceError, type UploadResponse } from "@sluice/protocol";
import { clientNetwork } from "../network/client-network.ts";
import { StorageError } from "../storage/storage-error.ts";
import { type FormRequest, UploadForm } from "./form/upload-form.ts";
import type { UploadNeeds } from "./needs.ts";
import { giveUp } from "./outcome/give-up.ts";
import { checkBeforeFile, type UploadChecks } from "./resolve/check.ts";
import { fieldsOnce } from "./resolve/custom-metadata.ts";
import { resolveUpload } from "./resolve/resolve-upload.ts";
import { storeFile } from "./steps.ts";

export interface UploadAttempt extends Omit<FormRequest, "client"> {
  /** The client's address, as far as the proxies can be trusted. */
  readonly address: string;
  /** Names the upload in the answer and in the events of its transformations. */
  readonly requestId: string;
}

/**
 * The path that everything else exists around (docs/architecture.md §1): it receives the form, resolves what the form
 * asks for, and stores the file.
 * @throws SluiceError for a refusal, ClientGone when the client left; nothing is left behind then
 */
export async function acceptUpload(needs: UploadNeeds, attempt: UploadAttempt): Promise<UploadResponse> {
  const { requestId, signal } = attempt;
  const client = clientNetwork(attempt.address);
  const fieldsOf = fieldsOnce(needs.customFields);
  let checks: UploadChecks | undefined;
  const form = await UploadForm.open(
    needs,
    { ...attempt, client },
    {
      beforeFile: async (admitted, before) => {
        checks = await checkBeforeFile(fieldsOf, admitted, before);
      },
    },
  );
  let ended: (() => void) | undefined;
  try {
    const { principal, fields, remoteUrl } = await form.receive();
    const { file, token } = form;
    needs.unknownParameters.warn(fields.keys(), requestId);
    ended = token && needs.uploadsUnderWay.begin(token.digest);
    if (file.excess !== undefined) throw file.excess;
    const plan = await resolveUpload(needs, principal, fields, { fieldsOf, checks });
    if (remoteUrl !== undefined) await form.fetchFile(remoteUrl);
    const spooled = await file.finish();
    if (spooled === undefined) throw new SluiceError("FILE_MISSING");
    const toStore = { plan, file: spooled, head: file.head, token, client, requestId, onStored: () => form.release() };
    return await storeFile(needs, toStore, signal);
  } catch (error) {
    // The uploads behind this one must not burn their tokens for nothing.
    if (error instanceof StorageError) needs.freeSpace.distrust();
    if (form.token !== undefined) giveUp(needs, form.token);
    throw error;
  } finally {
    await form.release();
    ended?.();
  }
}
