import { findAccount } from "../../database/repositories/accounts.ts";
import { findDeliverableVersion } from "../../database/repositories/deliverables.ts";
import { MediaError } from "../../media/media-error.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { makeRenditions } from "./make-renditions.ts";
import type { PostTransformationNeeds } from "./needs.ts";
import type { PostTransformationJob } from "./post-transformation.ts";
import { encodingFailed } from "./record-post-transformation.ts";

/**
 * Makes one entry of an upload's `post`, and has it told of. A version that has been deleted needs none; what can't be
 * made of it now but perhaps later is tried again, as often as a job is.
 * @param isLast whether this is the last time that it is tried: then it has failed, and that is told
 * @throws what may pass by itself
 */
export async function makePostTransformation(
  needs: PostTransformationNeeds,
  job: PostTransformationJob,
  isLast: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { database, now } = needs;
  const [account, version] = await Promise.all([
    findAccount(database.reader, { id: job.accountId }),
    findDeliverableVersion(database.reader, job.accountId, job.versionId),
  ]);
  if (account?.status !== "active" || version === undefined) return;
  const tell = (failure?: string) => database.run("recordPostTransformation", { job, failure, now: now() });
  try {
    const text = job.transformation.value ?? "";
    await makeRenditions(needs, account, version, { text, form: "query" }, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (isFinal(error)) return tell(encodingFailed);
    // The dead letter says why.
    if (isLast) await tell(encodingFailed);
    throw error;
  }
  await tell();
}

/** Whether it would be the same another time. Time and room depend on what else goes on. */
function isFinal(error: unknown): boolean {
  if (error instanceof DeliveryRefusal) return true;
  return error instanceof MediaError && error.code !== "EBUSY" && error.code !== "ETIME";
}
