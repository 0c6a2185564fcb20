import { jobKind } from "../../jobs/job.ts";

/** Names a queued upload. */
export type QueuedUploadJob = {
  readonly accountId: string;
  /** The id that the version will have. */
  readonly id: string;
};

/** Jobs that make the files of queued uploads. */
export const queuedUploadKind = jobKind<QueuedUploadJob>("pre-transformation");
