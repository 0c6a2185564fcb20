import { findAccount } from "../../database/repositories/accounts.ts";
import { findDeliverableVersion } from "../../database/repositories/deliverables.ts";
import { MediaError, mayPass } from "../../media/media-error.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { makeRenditions } from "./make-renditions.ts";
import type { PostTransformationNeeds } from "./needs.ts";
import type { PostTransformationJob } from "./post-transformation.ts";
import { encodingFailed } from "./record-post-transformation.ts";

/**
 * Makes one entry of an upload's `post`, and reports the result. A version that has been deleted needs none. What can't
 * be made now but perhaps later is retried, as often as the job is retried. What another job makes is waited for, however
 * long that takes.
 * @param isLast whether this is the last attempt; if it fails as well, the failure is reported
 * @throws errors that may pass by themselves
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
    const waitsFor = await makeRenditions(needs, account, version, job.transformation, signal);
    if (waitsFor !== undefined) return await database.run("waitForRendition", job);
  } catch (error) {
    signal.throwIfAborted();
    if (isFinal(error)) return tell(encodingFailed);
    // The dead letter holds the error.
    if (isLast) await tell(encodingFailed);
    throw error;
  }
  await tell();
}

/** Whether a retry would fail in the same way. */
function isFinal(error: unknown): boolean {
  return error instanceof DeliveryRefusal || (error instanceof MediaError && !mayPass(error));
}
