import type { Connection } from "../../../database/database.ts";
import { newEventId } from "../../../events/event-id.ts";
import { recordVideo } from "../../../events/video-events.ts";
import { countAccountJobs } from "../../../jobs/account-job-queries.ts";
import { enqueueJob } from "../../../jobs/enqueue-job.ts";
import { jobKind } from "../../../jobs/job.ts";
import { hasLiveJob } from "../../../jobs/live-jobs.ts";
import { type AskedLater, type LaterJob, laterOwners } from "./later-job.ts";
import { askedMs } from "./remembered-failures.ts";

export interface AskedRendition {
  readonly job: LaterJob;
  /** The key of what is missing. */
  readonly key: string;
  /** The number of the account's jobs of this kind that may wait, this one included. */
  readonly maxWaiting: number;
  /** Unix milliseconds. */
  readonly now: number;
}

/** The number of an account's jobs that may wait. Two nodes that ask within the same moment may exceed it a little. */
export const maxWaitingJobs = 500;
/** The number up to which visitors without a signature may ask. The rest is left to those who have one. */
export const maxWaitingUnsigned = 250;

/**
 * Enqueues a job for a rendition, unless one is waiting or running, or was enqueued by any node in the same span of
 * time.
 * @returns false when too many of the account's jobs are waiting, or so many of all accounts (`maxLooked`) that not all
 * of them are counted: jobs that nobody counts would have no bound
 */
export async function askForRendition(
  connection: Connection,
  { job: { kind: name, input }, key, maxWaiting, now }: AskedRendition,
): Promise<boolean> {
  if (await hasLiveJob(connection, name, key)) return true;
  const kinds = [{ name, owners: laterOwners }];
  const [waiting] = await countAccountJobs(connection, { kinds, accountId: input.accountId, state: "waiting" });
  if (waiting !== undefined && (waiting.count >= maxWaiting || !waiting.isComplete)) return false;
  const { told } = input;
  if (told !== undefined) {
    await recordVideo(connection, { accountId: input.accountId, told, state: { kind: "accepted" }, now });
  }
  const kind = jobKind<AskedLater>(name);
  const asked = { ...input, ...(told !== undefined && { told: { ...told, endId: newEventId(now) } }), key };
  await enqueueJob(connection, kind, asked, { lane: key, oncePerSeconds: askedMs / 1000 });
  return true;
}
