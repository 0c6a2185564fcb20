/*
 * The scripts that change the database: SQLite's writing thread loads this module by its URL, and finds a script by the
 * name of its function. A module of scripts is listed once, whatever it has. The modules and their imports hold SQL and
 * functions that wait for nothing else.
 */
export * from "../account-data/erase/erasure-transactions.ts";
export * from "../accounts/account-transactions.ts";
export * from "../accounts/manage-key-pairs.ts";
export * from "../backup/restore-transactions.ts";
export * from "../console/session-transactions.ts";
export { settleSearchIndex as lateWork } from "../database/search-index/settle-index.ts";
export * from "../delivery/post-transformations/record-post-transformation.ts";
export * from "../delivery/purge/purge-transactions.ts";
export * from "../delivery/purge/rename-transaction.ts";
export * from "../delivery/renditions/later/ask-for-rendition.ts";
export * from "../delivery/renditions/pictures/detections/detection-transactions.ts";
export * from "../downloads/ticket-transactions.ts";
export * from "../endpoints/origins/manage-origins.ts";
export * from "../endpoints/url-endpoints/manage-url-endpoints.ts";
export * from "../events/event-transactions.ts";
export * from "../events/video-events.ts";
export * from "../events/webhook-transactions.ts";
export * from "../events/webhook-url-secret.ts";
export * from "../extensions/end-transaction.ts";
export * from "../extensions/file-patch/patch-file.ts";
export * from "../extensions/saved/saved-extension.ts";
export * from "../jobs/account-job-transactions.ts";
export * from "../jobs/progress/report-progress.ts";
export * from "../jobs/recurring-jobs.ts";
export * from "../jobs/sqlite/job-transactions.ts";
export * from "../library/custom-metadata/manage-fields.ts";
export * from "../library/files/bulk-files.ts";
export * from "../library/files/edit-files.ts";
export * from "../library/files/organise-files.ts";
export * from "../library/folders/advance-job.ts";
export * from "../library/folders/manage-folders.ts";
export * from "../library/folders/start-job.ts";
export * from "../library/holds/content-hold.ts";
export * from "../library/named-transformations/manage-named-transformations.ts";
export * from "../library/similar/hash-transactions.ts";
export * from "../library/trash/restore-transaction.ts";
export * from "../library/trash/trash-transactions.ts";
export * from "../library/unread-media/read-transactions.ts";
export * from "../maintenance/sweep-transactions.ts";
export * from "../nodes/node-transactions.ts";
export * from "../upload/ledger/token-transactions.ts";
export * from "../upload/queued/queue-transactions.ts";
export * from "../upload/resumable/sessions/create-session.ts";
export * from "../upload/resumable/sessions/end-transactions.ts";
export * from "../upload/resumable/sessions/lease-transactions.ts";
export * from "../upload/store/commit-transaction.ts";
export * from "../usage/usage-transactions.ts";
export * from "./configuration/configure-account.ts";
