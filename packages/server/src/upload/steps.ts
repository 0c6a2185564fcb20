import type { UploadResponse } from "@sluice/protocol";
import { assertRoom } from "../library/content/storage-room.ts";
import { answerBeforeCommit, answerUpload } from "./answer/answer-upload.ts";
import type { UploadNeeds } from "./needs.ts";
import { commitPlan } from "./store/commit.ts";
import { describe } from "./store/describe.ts";
import { inspect } from "./store/inspect.ts";
import { prepare } from "./store/prepare/prepare.ts";
import type { UploadToStore } from "./store/upload-to-store.ts";

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
