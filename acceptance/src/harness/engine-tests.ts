/**
 * The acceptance tests that `npm test` also runs on PostgreSQL and S3, each with what it exercises there. The soak runs
 * the other tests on that pair.
 */
export const engineTests: Readonly<Record<string, string>> = {
  "first-upload.test.ts": "a start on an empty database and an empty bucket",
  "concurrency.test.ts": "row locks, and uploads to one name at once",
  "versions.test.ts": "the order of versions, and which one is current",
  "names-and-folders.test.ts": "collation, letter case and Unicode in unique keys",
  "storage-limit.test.ts": "sums over an account's versions",
  "resumable.test.ts": "sessions and their leases in the database, and pieces in the store",
  "upload-outcome.test.ts": "what a burnt token's row keeps of the answer",
  "upload-transformation.test.ts": "the queue of jobs, and renditions in the store",
  "webhooks.test.ts": "events written with the upload, and the queue of jobs",
  "extensions.test.ts": "runs and their ends in the database, and the queue of jobs",
  "custom-metadata.test.ts": "values in JSON columns",
  "custom-metadata-fields.test.ts": "field definitions, their limits and their unique names",
  "media-api.test.ts": "changes of rows, and deletion from the store",
  "organising-files.test.ts": "moves and copies of rows, and their locks",
  "organising-storm.test.ts": "locks of two files, and places that two clients take at once",
  "folders.test.ts": "paths of folders, and jobs that go step by step",
  "trash.test.ts": "rows that go from one table into another one and back",
  "account-isolation.test.ts": "the account in every query of the media API",
  "media-api-list.test.ts": "the SQL of listings, its order and its paging",
  "media-api-versions.test.ts": "restoring and deleting versions",
  "delivery.test.ts": "reading whole files and ranges from the store",
  "delivery-access.test.ts": "the query that says who may see what",
  "derived-cache.test.ts": "derived images in the store",
  "metadata.test.ts": "reading a file's ends from the store",
  "changes-hold-at-once.test.ts": "what processes remember of rows that another one changes",
  "cli-maintenance.test.ts": "fsck and sweep over database and store",
  "cli-account-data.test.ts": "export and erasure over database and store",
  "durability/webhooks-crash.test.ts": "events that outlive the process that recorded them",
};
