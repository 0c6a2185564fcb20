import {
  closeAccount,
  eraseAccountFiles,
  eraseAccountRows,
  removeAccount,
  settleAccount,
} from "../account-data/erase/erasure-transactions.ts";
import { createAccount, keepFormerDefaults, prepareAccount, setAccount } from "../accounts/account-transactions.ts";
import {
  createKeyPair,
  recordKeyUses,
  replaceKeyPair,
  revokeKeyPair,
  rotateKeyPair,
} from "../accounts/manage-key-pairs.ts";
import { serveRestoredLibrary } from "../backup/restore-backup.ts";
import {
  beginConsoleSession,
  createConsoleLink,
  endConsoleSession,
  redeemConsoleLink,
  touchConsoleSession,
} from "../console/session-transactions.ts";
import type { Database, Transactions } from "../database/database.ts";
import {
  recordPostTransformation,
  waitForRendition,
} from "../delivery/post-transformations/record-post-transformation.ts";
import { endPurge, purgeFiles, requestPurgeTransaction } from "../delivery/purge/purge.ts";
import { renameFileTransaction } from "../delivery/purge/rename-file.ts";
import { askForRendition } from "../delivery/renditions/later/ask-for-rendition.ts";
import { keepPictureDetection } from "../delivery/renditions/pictures/detections/kept-detections.ts";
import { createZipTicket, redeemZipTicket } from "../downloads/zip-downloads.ts";
import { createOrigin, removeOrigin, replaceOrigin } from "../endpoints/origins/manage-origins.ts";
import {
  createUrlEndpoint,
  removeUrlEndpoint,
  replaceUrlEndpoint,
} from "../endpoints/url-endpoints/manage-url-endpoints.ts";
import { logWebhookAttempts, logWebhookTest, pruneEvents } from "../events/event-transactions.ts";
import { recordVideo } from "../events/video-events.ts";
import {
  addWebhook,
  editWebhook,
  removeWebhook,
  replayEvents,
  rotateWebhookSecret,
  setWebhookStatus,
} from "../events/webhook-transactions.ts";
import { ensureWebhookUrlSecret, rotateWebhookUrlSecret } from "../events/webhook-url-secret.ts";
import { applyExtension, failExtension } from "../extensions/end-transaction.ts";
import { changeFileDetails } from "../extensions/file-patch/patch-file.ts";
import {
  changeSavedExtension,
  createSavedExtension,
  removeSavedExtension,
} from "../extensions/saved/saved-extension.ts";
import { removeBossJobs, removeQueuedJobs, retryAccountJobs } from "../jobs/account-job-transactions.ts";
import { forgetJobProgress, recordJobProgress } from "../jobs/progress/report-progress.ts";
import { enqueueRecurringJobs } from "../jobs/recurring-jobs.ts";
import { extendJobLease, retryDeadJobs, turnJobs } from "../jobs/sqlite/job-transactions.ts";
import { changeCustomField, createCustomField, deleteCustomField } from "../library/custom-metadata/manage-fields.ts";
import {
  addTags,
  removeAiTags,
  removeSeveralFilesTransaction,
  removeTags,
} from "../library/files/bulk-transactions.ts";
import {
  publishFile,
  removeFileTransaction,
  removeFileVersionTransaction,
  restoreFileVersionTransaction,
} from "../library/files/edit-files.ts";
import { copyFileTo, moveFileTo } from "../library/files/organise-transactions.ts";
import { advanceFolderJob, failFolderJob } from "../library/folders/advance-job.ts";
import { createFolderTransaction } from "../library/folders/manage-folders.ts";
import { startFolderJob } from "../library/folders/start-job.ts";
import { releaseContentHold, renewContentHold, takeContentHold } from "../library/holds/content-hold.ts";
import {
  changeNamedTransformation,
  createNamedTransformation,
  removeNamedTransformation,
} from "../library/named-transformations/named-transformation-transactions.ts";
import { recordDominantColors, recordPictureHashes } from "../library/similar/hash-pictures.ts";
import { restoreFromTrash } from "../library/trash/restore-transaction.ts";
import {
  continueEmptyingTrash,
  deleteFromTrashTransaction,
  deleteOverdueTrash,
  emptyTrashTransaction,
} from "../library/trash/trash-transactions.ts";
import { recordReadContent } from "../library/unread-media/read-media.ts";
import { releaseBlobs } from "../maintenance/sweep-blobs.ts";
import { endNode, tellNode } from "../nodes/serving-node.ts";
import {
  abandonToken,
  burnToken,
  burnV1Token,
  keepTokenAnswer,
  pruneTokens,
  pruneV1Tokens,
  settleToken,
} from "../upload/ledger/token-transactions.ts";
import { failQueuedUpload, queueUpload } from "../upload/queued/queue-transactions.ts";
import { createSession } from "../upload/resumable/sessions/create-session.ts";
import {
  clearSession,
  expireSession,
  forgetSessions,
  keepSessionAnswer,
  refuseSession,
  removeSession,
} from "../upload/resumable/sessions/end-transactions.ts";
import {
  advanceAndRelease,
  advanceSession,
  endLeases,
  releaseLease,
  renewLease,
  takeLease,
  tellLength,
} from "../upload/resumable/sessions/lease-transactions.ts";
import { commitUpload } from "../upload/store/commit-transaction.ts";
import { recordUsage } from "../usage/usage-counts.ts";
import { configureAccount } from "./configuration/configure-account.ts";

/**
 * Every script that changes the database. The writer's thread loads this module by its URL, so this module and its
 * imports hold only SQL and pure functions.
 */
export const transactions = {
  createAccount,
  prepareAccount,
  configureAccount,
  createKeyPair,
  rotateKeyPair,
  replaceKeyPair,
  revokeKeyPair,
  recordKeyUses,
  setAccount,
  keepFormerDefaults,
  createConsoleLink,
  redeemConsoleLink,
  beginConsoleSession,
  touchConsoleSession,
  endConsoleSession,
  createZipTicket,
  redeemZipTicket,
  burnToken,
  settleToken,
  abandonToken,
  keepTokenAnswer,
  pruneTokens,
  burnV1Token,
  pruneV1Tokens,
  createSession,
  takeLease,
  renewLease,
  advanceSession,
  advanceAndRelease,
  releaseLease,
  endLeases,
  tellLength,
  refuseSession,
  removeSession,
  expireSession,
  clearSession,
  forgetSessions,
  keepSessionAnswer,
  commitUpload,
  queueUpload,
  waitForRendition,
  failQueuedUpload,
  recordPostTransformation,
  keepPictureDetection,
  createUrlEndpoint,
  replaceUrlEndpoint,
  removeUrlEndpoint,
  createOrigin,
  replaceOrigin,
  removeOrigin,
  applyExtension,
  failExtension,
  createSavedExtension,
  changeSavedExtension,
  removeSavedExtension,
  createCustomField,
  changeCustomField,
  deleteCustomField,
  createNamedTransformation,
  changeNamedTransformation,
  removeNamedTransformation,
  changeFileDetails,
  publishFile,
  copyFileTo,
  moveFileTo,
  renameFileTransaction,
  removeSeveralFilesTransaction,
  addTags,
  removeTags,
  removeAiTags,
  removeFileTransaction,
  removeFileVersionTransaction,
  restoreFileVersionTransaction,
  restoreFromTrash,
  deleteFromTrashTransaction,
  emptyTrashTransaction,
  continueEmptyingTrash,
  deleteOverdueTrash,
  releaseBlobs,
  takeContentHold,
  renewContentHold,
  releaseContentHold,
  tellNode,
  endNode,
  serveRestoredLibrary,
  recordDominantColors,
  recordPictureHashes,
  recordReadContent,
  recordUsage,
  createFolderTransaction,
  startFolderJob,
  advanceFolderJob,
  failFolderJob,
  requestPurgeTransaction,
  askForRendition,
  recordVideo,
  purgeFiles,
  endPurge,
  addWebhook,
  editWebhook,
  removeWebhook,
  setWebhookStatus,
  rotateWebhookSecret,
  ensureWebhookUrlSecret,
  rotateWebhookUrlSecret,
  replayEvents,
  logWebhookAttempts,
  logWebhookTest,
  pruneEvents,
  enqueueRecurringJobs,
  turnJobs,
  extendJobLease,
  retryDeadJobs,
  retryAccountJobs,
  recordJobProgress,
  forgetJobProgress,
  closeAccount,
  settleAccount,
  removeQueuedJobs,
  removeBossJobs,
  eraseAccountRows,
  eraseAccountFiles,
  removeAccount,
} as const satisfies Transactions;

export { settleCatalogue as lateWork } from "../database/catalogue/settle-catalogue.ts";

export type SluiceDatabase = Database;
