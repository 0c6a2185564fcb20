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
} from "../accounts/key-pair-transactions.ts";
import { serveRestoredLibrary } from "../backup/restore-transactions.ts";
import {
  beginConsoleSession,
  createConsoleLink,
  endConsoleSession,
  redeemConsoleLink,
  touchConsoleSession,
} from "../console/session-transactions.ts";
import type { Connection, Database, Transactions } from "../database/database.ts";
import { findBulkJob } from "../database/repositories/bulk-jobs.ts";
import { recordPostTransformation } from "../delivery/post-transformations/record-post-transformation.ts";
import { waitForRendition } from "../delivery/post-transformations/wait-for-rendition.ts";
import { endPurge, purgeFiles, requestPurge } from "../delivery/purge/purge-transactions.ts";
import { renameFile } from "../delivery/purge/rename-transaction.ts";
import { askForRendition } from "../delivery/renditions/later/ask-for-rendition.ts";
import { keepPictureDetection } from "../delivery/renditions/pictures/detections/detection-transactions.ts";
import { createZipTicket, redeemZipTicket } from "../downloads/ticket-transactions.ts";
import { createOrigin, removeOrigin, replaceOrigin } from "../endpoints/origins/origin-transactions.ts";
import {
  createUrlEndpoint,
  removeUrlEndpoint,
  replaceUrlEndpoint,
} from "../endpoints/url-endpoints/url-endpoint-transactions.ts";
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
import { ensureWebhookUrlSecret, rotateWebhookUrlSecret } from "../events/webhook-url-secret-transactions.ts";
import { applyExtension, failExtension } from "../extensions/end-transaction.ts";
import { changeFileDetails } from "../extensions/file-patch/patch-transaction.ts";
import {
  changeSavedExtension,
  createSavedExtension,
  removeSavedExtension,
} from "../extensions/saved/saved-extension-transactions.ts";
import { removeBossJobs, removeQueuedJobs, retryAccountJobs } from "../jobs/account-job-transactions.ts";
import { forgetJobProgress, recordJobProgress } from "../jobs/progress/progress-transactions.ts";
import { enqueueRecurringJobs } from "../jobs/recurring-transactions.ts";
import { extendJobLease, retryDeadJobs, turnJobs } from "../jobs/sqlite/job-transactions.ts";
import {
  changeCustomField,
  createCustomField,
  deleteCustomField,
} from "../library/custom-metadata/field-transactions.ts";
import { addTags, removeAiTags, removeSeveralFiles, removeTags } from "../library/files/bulk-transactions.ts";
import { publishFile } from "../library/files/edit-transactions.ts";
import { copyFileTo, moveFileTo } from "../library/files/organise-transactions.ts";
import { advanceFolderJob, failFolderJob } from "../library/folders/advance-job.ts";
import { createFolder } from "../library/folders/create-folder.ts";
import { startFolderJob } from "../library/folders/start-job.ts";
import { releaseContentHold, renewContentHold, takeContentHold } from "../library/holds/hold-transactions.ts";
import {
  changeNamedTransformation,
  createNamedTransformation,
  removeNamedTransformation,
} from "../library/named-transformations/named-transformation-transactions.ts";
import { recordDominantColors, recordPictureHashes } from "../library/similar/hash-transactions.ts";
import { restoreFromTrash } from "../library/trash/restore-transaction.ts";
import {
  continueEmptyingTrash,
  deleteFromTrash,
  deleteOverdueTrash,
  emptyTrash,
} from "../library/trash/trash-transactions.ts";
import { recordReadContent } from "../library/unread-media/read-transactions.ts";
import { removeFile, removeFileVersion, restoreFileVersion } from "../library/versions/version-transactions.ts";
import { releaseBlobs } from "../maintenance/sweep-transactions.ts";
import { endNode, tellNode } from "../nodes/node-transactions.ts";
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
import {
  advanceAndRelease,
  advanceSession,
  endLeases,
  releaseLease,
  renewLease,
  takeLease,
  tellLength,
} from "../upload/resumable/sessions/lease-transactions.ts";
import {
  clearSession,
  createSession,
  expireSession,
  forgetSessions,
  keepSessionAnswer,
  refuseSession,
  removeSession,
} from "../upload/resumable/sessions/session-transactions.ts";
import { commitUpload } from "../upload/store/commit-transaction.ts";
import { recordUsage } from "../usage/usage-transactions.ts";
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
  renameFile,
  removeSeveralFiles,
  addTags,
  removeTags,
  removeAiTags,
  removeFile,
  removeFileVersion,
  restoreFileVersion,
  restoreFromTrash,
  deleteFromTrash,
  emptyTrash,
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
  createFolder,
  startFolderJob,
  advanceFolderJob,
  failFolderJob,
  requestPurge,
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

type Scripts = typeof transactions;

const always = (): true => true;

/**
 * The scripts that may use the room that is kept for a full disk (`MakesRoom`). They delete, or they are on the way of
 * somebody who comes to delete: starting a server, signing in, running the job that deletes a folder.
 */
export const makesRoom = {
  removeFile: always,
  removeFileVersion: always,
  removeSeveralFiles: always,
  deleteFromTrash: always,
  emptyTrash: always,
  continueEmptyingTrash: always,
  deleteOverdueTrash: always,
  startFolderJob: ({ type }) => type === "DELETE_FOLDER",
  advanceFolderJob: async ({ jobId }, connection) => (await findBulkJob(connection, jobId))?.type === "DELETE_FOLDER",
  failFolderJob: always,
  turnJobs: always,
  extendJobLease: always,
  releaseBlobs: always,
  removeSession: always,
  expireSession: always,
  clearSession: always,
  forgetSessions: always,
  pruneTokens: always,
  pruneV1Tokens: always,
  pruneEvents: always,
  takeContentHold: always,
  renewContentHold: always,
  releaseContentHold: always,
  tellNode: always,
  endNode: always,
  closeAccount: always,
  settleAccount: always,
  removeQueuedJobs: always,
  eraseAccountRows: always,
  eraseAccountFiles: always,
  removeAccount: always,
  prepareAccount: always,
  configureAccount: always,
  createConsoleLink: always,
  redeemConsoleLink: always,
  beginConsoleSession: always,
  touchConsoleSession: always,
  endConsoleSession: always,
} as const satisfies {
  readonly [Name in keyof Scripts]?: (
    input: Parameters<Scripts[Name]>[1],
    connection: Connection,
  ) => boolean | Promise<boolean>;
};

export type SluiceDatabase = Database<Scripts>;
