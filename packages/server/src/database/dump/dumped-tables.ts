import type { TableName } from "../account-tables.ts";

/** The reason for which a backup leaves a table out. */
type LeftOut = "lets in for a while" | "is under way" | "is dumped as jobs" | "is about this database";

/**
 * Every table, in the order in which rows are restored: rows come after those that they refer to, and counts come after
 * the rows by which triggers change them.
 */
const tables = {
  accounts: "dumped",
  console_instances: "dumped",
  node_floor: "dumped",
  key_pairs: "dumped",
  custom_metadata_fields: "dumped",
  named_transformations: "dumped",
  url_endpoints: "dumped",
  origins: "dumped",
  saved_extensions: "dumped",
  webhook_endpoints: "dumped",
  webhook_url_secrets: "dumped",
  folders: "dumped",
  blobs: "dumped",
  picture_hashes: "dumped",
  picture_detections: "dumped",
  files: "dumped",
  versions: "dumped",
  trashed_files: "dumped",
  trashed_versions: "dumped",
  queued_uploads: "dumped",
  catalogue: "dumped",
  catalogue_terms: "dumped",
  catalogue_values: "dumped",
  purges: "dumped",
  bulk_jobs: "dumped",
  extension_runs: "dumped",
  events: "dumped",
  webhook_attempts: "dumped",
  webhook_exchanges: "dumped",
  used_tokens: "dumped",
  used_v1_tokens: "dumped",
  usage_deliveries: "dumped",
  usage_events: "dumped",
  usage_extensions: "dumped",
  account_storage: "dumped",
  usage_storage: "dumped",
  jobs: "is dumped as jobs",
  job_progress: "is under way",
  job_turns: "is under way",
  upload_sessions: "is under way",
  console_sessions: "lets in for a while",
  console_links: "lets in for a while",
  zip_tickets: "lets in for a while",
  content_holds: "is about this database",
  nodes: "is about this database",
  restores: "is about this database",
} as const satisfies Readonly<Record<TableName, "dumped" | LeftOut>>;

export type DumpedTable = {
  [Table in TableName]: (typeof tables)[Table] extends "dumped" ? Table : never;
}[TableName];

/** The tables of a backup, in the order in which they are restored. */
export const dumpedTables = (Object.keys(tables) as TableName[]).filter(
  (name): name is DumpedTable => tables[name] === "dumped",
);

/** The columns by which a table's rows are ordered, where rows of the table refer to each other. */
export const dumpOrder: { readonly [Table in DumpedTable]?: string } = {
  // The path of a folder begins with its parent's.
  folders: "path",
};
