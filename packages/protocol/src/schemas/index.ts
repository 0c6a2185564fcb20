export {
  type Access,
  anybody,
  type Credential,
  changing,
  type KeyRole,
  reading,
  uploading,
  withUploadAddress,
  withZipTicket,
} from "../operations/access.ts";
export { errorsAnywhere, errorsOf } from "../operations/errors-of.ts";
export type { Operation } from "../operations/operation.ts";
export { operations } from "../operations/operations.ts";
export { type Tag, tags } from "../operations/tags.ts";
export { closed } from "./closed.ts";
export {
  ConsoleSession,
  ConsoleSessionList,
  ConsoleSignIn,
  ConsoleToken,
  ConsoleTokenRefusal,
  ConsoleTokenRequest,
} from "./console.ts";
export {
  CustomFieldChange,
  CustomFieldList,
  CustomFieldListQuery,
  CustomFieldObject,
  CustomFieldSchema,
  CustomFieldType,
  NewCustomField,
  SelectedFieldsSchema,
} from "./custom-field.ts";
export { DeliverySwitchesChange, DeliverySwitchesObject } from "./delivery-switches.ts";
export { ErrorBody } from "./error-body.ts";
export { type EventType, ExtensionEnd, type WebhookEvent, type WebhookEvents, webhookEvents } from "./events.ts";
export {
  ExtensionError,
  ExtensionRequest,
  ExtensionStatus,
  ExtensionStatuses,
  NewSavedExtension,
  SavedExtensionChange,
  SavedExtensionList,
  SavedExtensionObject,
} from "./extension.ts";
export {
  AiTag,
  ChangedFile,
  FileChange,
  FileDetailsChange,
  FileList,
  FileListQuery,
  FileObject,
  FilePublication,
  FileType,
  FolderMarks,
  FolderMarksQuery,
  ListedFile,
  ObjectList,
  TagList,
  TagsQuery,
  VersionInfo,
} from "./file.ts";
export { FileMetadata, ImageMetadata, TimedMetadata, UrlMetadataQuery } from "./file-metadata.ts";
export {
  BulkJob,
  BulkJobProblem,
  BulkJobReceipt,
  FolderCopy,
  FolderDeletion,
  FolderMove,
  FolderObject,
  FolderReceipt,
  FolderRename,
  NewFolder,
} from "./folder.ts";
export { Health, HealthReport, Liveness } from "./health.ts";
export { JobList, JobObject, JobQuery, JobQueues, JobRetry, RetriedJobs } from "./job.ts";
export {
  CreatedKeyPair,
  KeyPairList,
  KeyPairObject,
  KeyPairRotation,
  NewKeyPair,
} from "./key-pair.ts";
export { MadePreviews, PreviewsRequest, SignaturesRequest, SignedUrls } from "./link.ts";
export {
  NamedTransformationChange,
  NamedTransformationList,
  NamedTransformationObject,
  NewNamedTransformation,
} from "./named-transformation.ts";
export {
  BulkAiTags,
  BulkDelete,
  BulkTags,
  DeletedFiles,
  EditedFiles,
  EditedInPart,
  FileCopy,
  FileMove,
  FileRename,
  RenamedFile,
  RenamedUnpurged,
} from "./organise.ts";
export { OriginList, OriginObject, OriginRequest } from "./origin.ts";
export { PurgeReceipt, PurgeRequest, PurgeStatus } from "./purge.ts";
export { type RefusalKind, RefusalList, RefusalObject, RefusalQuery, refusalKinds } from "./refusals.ts";
export { AnyObject, type Shape } from "./shape.ts";
export { SweepRequest, SweptContents } from "./sweep.ts";
export { TokenQuestion, TokenReport, tokenRules } from "./token-check.ts";
export {
  DeletionQuery,
  EmptiedTrash,
  RestoredFiles,
  RestoredInPart,
  TrashEmptying,
  TrashedFile,
  TrashedFileFacts,
  TrashedThumbnailQuery,
  TrashList,
  TrashQuery,
  TrashRestoration,
} from "./trash.ts";
export {
  PostTransformation,
  ResponseField,
  UploadForm,
  UploadFormV1,
  UploadProgress,
  UploadQueued,
  UploadResponse,
} from "./upload.ts";
export { UploadOutcome, UploadOutcomeQuestion } from "./upload-outcome.ts";
export { UrlEndpointList, UrlEndpointObject, UrlEndpointRequest } from "./url-endpoint.ts";
export { AccountUsage, DailyUsage, UsageAnalytics, UsageQuery } from "./usage.ts";
export {
  CreatedWebhookEndpoint,
  NewWebhookEndpoint,
  WebhookAttempt,
  WebhookAttemptDetails,
  WebhookAttemptList,
  WebhookAttemptQuery,
  WebhookEndpoint,
  WebhookEndpointChange,
  WebhookEndpointList,
  WebhookReplay,
} from "./webhook.ts";
export { ZipQuery, ZipSelection, ZipTicket } from "./zip-download.ts";
