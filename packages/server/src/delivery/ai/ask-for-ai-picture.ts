import type { Connection } from "../../database/database.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { askedMs } from "./ai-answers.ts";
import { type AiPictureJob, aiPictureKind } from "./job-kinds.ts";

export interface AskedAiPicture {
  readonly job: AiPictureJob;
  /** The key of the picture that a model is to make. */
  readonly key: string;
}

/**
 * Enqueues a job for the picture, unless one was enqueued by any node in the same span of time.
 * @returns false when there was one already
 */
export function askForAiPicture(connection: Connection, { job, key }: AskedAiPicture): Promise<boolean> {
  return enqueueJob(connection, aiPictureKind, job, { lane: key, oncePerSeconds: askedMs / 1000 });
}
