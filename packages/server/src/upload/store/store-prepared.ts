import type { Party } from "../../concurrency/fair-line.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { assertRoom } from "../../library/content/storage-room.ts";
import { answerBeforeCommit } from "../answer/answer-upload.ts";
import type { AnswerContext } from "../answer/respond.ts";
import { commitPlan, type UploadToCommitByPlan } from "./commit.ts";
import { describe } from "./describe.ts";
import type { PreparedFile } from "./prepare/take-made.ts";
import type { StoreNeeds } from "./upload-to-store.ts";

/**
 * Stores the bytes that are to be stored, once the upload's checks and its account's storage allow it.
 * @returns the version, and what the answer says besides
 * @throws SluiceError for a refusal, the signal's reason; nothing is stored then
 */
export async function storePrepared(
  needs: StoreNeeds,
  upload: UploadToCommitByPlan,
  prepared: PreparedFile,
  party: Party,
  signal: AbortSignal,
): Promise<{ readonly committed: AssetRow; readonly answer: AnswerContext }> {
  const { plan } = upload;
  const { principal, request } = plan;
  const { spooled, media } = prepared;
  plan.checkFile({ size: spooled.size, media });
  await assertRoom(needs, principal, spooled.size);
  const metadata = await describe(needs, request, prepared, party, signal);
  const answer = await answerBeforeCommit(needs, plan, media, metadata);
  const committed = await commitPlan(needs, upload, prepared, answer, signal);
  return { committed, answer };
}
