import { defaultLimits } from "../config/limits.ts";
import { expireTransformationsJob, postTransformationJob } from "../delivery/post-transformations/jobs.ts";
import { purgeFilesJob } from "../delivery/purge/jobs.ts";
import { aiPictureJob } from "../delivery/renditions/ai/jobs.ts";
import { videoJob } from "../delivery/renditions/videos/jobs.ts";
import type { Webhooks } from "../events/jobs.ts";
import { deliverWebhookJob } from "../events/jobs.ts";
import { expireExtensionsJob, runExtensionJob } from "../extensions/jobs.ts";
import { type JobList, kindsOf, ownersOf, singleJobNames, tableOf } from "../jobs/job-list.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import { folderJob, resumeFolderJobsJob } from "../library/folders/jobs.ts";
import type { FingerprintQueue } from "../library/similar/hash-pictures.ts";
import { colorPicturesJob, hashLatePicturesJob, hashPicturesJob } from "../library/similar/jobs.ts";
import { emptyTrashJob, sweepTrashJob } from "../library/trash/jobs.ts";
import { readMediaJob } from "../library/unread-media/jobs.ts";
import {
  expireEventsJob,
  expireTokensJob,
  sweepBlobsJob,
  sweepDerivedJob,
  sweepSessionsJob,
  sweepUploadsJob,
} from "../maintenance/jobs.ts";
import { expireQueuedUploadsJob, queuedUploadJob } from "../upload/queued/jobs.ts";
import { finishUploadsJob } from "../upload/resumable/jobs.ts";
import type { Services } from "./services.ts";

/** The parts of the server that jobs need to run. */
export type JobServices = Pick<
  Services,
  | "ai"
  | "later"
  | "blobs"
  | "config"
  | "customFields"
  | "database"
  | "derived"
  | "extensions"
  | "images"
  | "videos"
  | "logger"
  | "metrics"
  | "namedTransformations"
  | "now"
  | "scanner"
  | "freeSpace"
  | "spool"
  | "leaseOwner"
>;

/** The services with the parts that are opened only for the jobs. */
export interface JobDeps extends JobServices {
  readonly webhooks: Pick<Webhooks, "deliver">;
  readonly queue: Pick<JobQueue, "deadLetters">;
  readonly fingerprints: FingerprintQueue;
}

/** Every job of the server. */
export const jobs = [
  sweepBlobsJob,
  sweepUploadsJob,
  sweepSessionsJob,
  expireTokensJob,
  sweepDerivedJob,
  purgeFilesJob,
  folderJob,
  resumeFolderJobsJob,
  emptyTrashJob,
  sweepTrashJob,
  runExtensionJob,
  expireExtensionsJob,
  postTransformationJob,
  expireTransformationsJob,
  aiPictureJob,
  videoJob,
  queuedUploadJob,
  expireQueuedUploadsJob,
  expireEventsJob,
  hashPicturesJob,
  hashLatePicturesJob,
  colorPicturesJob,
  readMediaJob,
  finishUploadsJob,
  deliverWebhookJob,
] as const satisfies JobList<JobDeps>;

/** The rules of the jobs, for those that run none. */
export const jobTable = tableOf(jobs, defaultLimits);
export const jobOwners = ownersOf(jobs);
export const jobKinds = kindsOf(jobs);
/** The kinds of jobs that may belong to an account. */
export const ownedJobKinds = jobKinds.filter(({ owners }) => owners.length > 0);
/** The jobs that a backup holds. */
export const dumpedJobNames = singleJobNames(jobs);
