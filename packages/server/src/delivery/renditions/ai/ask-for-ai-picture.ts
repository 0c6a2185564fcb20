import type { Connection } from "../../../database/database.ts";
import { countAccountJobs, hasLiveJob } from "../../../jobs/account-job-queries.ts";
import { enqueueJob } from "../../../jobs/enqueue-job.ts";
import { askedMs } from "./ai-answers.ts";
import { type AiPictureJob, aiPictureKind, aiPictureOwners } from "./job-kinds.ts";

export interface AskedAiPicture {
  readonly job: AiPictureJob;
  /** The key of the picture that a model is to make. */
  readonly key: string;
  /** The number of the account's jobs that may wait, this one included. */
  readonly maxWaiting: number;
}

/** The number of an account's jobs that may wait. Two nodes that ask within the same moment may exceed it a little. */
export const maxWaitingJobs = 500;
/** The number up to which visitors without a signature may ask. The rest is left to those who have one. */
export const maxWaitingUnsigned = 250;

/**
 * Enqueues a job for the picture, unless one is waiting or running, or was enqueued by any node in the same span of
 * time.
 * @returns false when too many of the account's jobs are waiting, or so many of all accounts (`maxLooked`) that not all
 * of them are counted: jobs that nobody counts would have no bound
 */
export async function askForAiPicture(
  connection: Connection,
  { job, key, maxWaiting }: AskedAiPicture,
): Promise<boolean> {
  if (await hasLiveJob(connection, aiPictureKind.name, key)) return true;
  const kinds = [{ name: aiPictureKind.name, owners: aiPictureOwners }];
  const [waiting] = await countAccountJobs(connection, { kinds, accountId: job.accountId, state: "waiting" });
  if (waiting !== undefined && (waiting.count >= maxWaiting || !waiting.isComplete)) return false;
  await enqueueJob(connection, aiPictureKind, { ...job, key }, { lane: key, oncePerSeconds: askedMs / 1000 });
  return true;
}
