export type {
  GetToken,
  Queue,
  QueueEventMap,
  QueueItem,
  QueueOptions,
  ResponseMetadata,
  ResumableOptions,
  TaskState,
  TokenAnswer,
  TokenRequest,
  UploadExtras,
  UploadOptions,
  UploadProgress,
  UploadResponse,
  UploadSettings,
  UploadTask,
} from "./types.ts";
export { upload } from "./upload.ts";
export { type ClientReason, type SentSoFar, UploadError } from "./upload-error.ts";
export { UploadQueue } from "./upload-queue.ts";
