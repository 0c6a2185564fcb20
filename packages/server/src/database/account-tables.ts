import type { Selectable } from "kysely";
import type { Schema } from "./schema.ts";

export type TableName = keyof Schema;
type Column<Table extends TableName> = keyof Selectable<Schema[Table]> & string;

/** The facts about a table that the export and the erasure of an account need. */
export interface AccountTable<Name extends string = string> {
  /** The column that names the account. */
  readonly owner: Name;
  /**
   * Columns that identify the account's rows. Pages of rows are read in their order, since they never change. The path
   * of a folder does change: an export may miss a folder that is being moved meanwhile, but none of its files.
   */
  readonly order: readonly [Name, ...Name[]];
  /** Whether an index begins with the owner. Without one the whole table is read once, in the order of its key. */
  readonly indexed: boolean;
  /** Columns that an export leaves out. */
  readonly secrets?: readonly Name[];
  /** The reason for which an export leaves the rows out. */
  readonly notExported?: "follows from other tables" | "is under way" | "lets in for a while";
}

/**
 * Every table, in the order in which an account's rows are erased: rows that refer to other rows come before them. A
 * job has no account column: `removeAccountJobs` finds it by its input. The tables about the whole library belong to
 * nobody.
 */
export const accountTables = {
  extension_runs: { owner: "account_id", order: ["id"], indexed: false },
  jobs: undefined,
  job_progress: { owner: "account_id", order: ["job", "key"], indexed: false, notExported: "is under way" },
  job_turns: { owner: "account_id", order: ["account_id"], indexed: true, notExported: "is under way" },
  console_instances: undefined,
  content_holds: undefined,
  nodes: undefined,
  node_floor: undefined,
  restores: undefined,
  console_sessions: {
    owner: "account_id",
    order: ["id"],
    indexed: true,
    secrets: ["token_hash"],
    notExported: "lets in for a while",
  },
  console_links: {
    owner: "account_id",
    order: ["hash"],
    indexed: true,
    secrets: ["hash"],
    notExported: "lets in for a while",
  },
  webhook_exchanges: { owner: "account_id", order: ["attempt_id"], indexed: false },
  zip_tickets: {
    owner: "account_id",
    order: ["hash"],
    indexed: true,
    secrets: ["hash"],
    notExported: "lets in for a while",
  },
  webhook_attempts: { owner: "account_id", order: ["id"], indexed: false },
  events: { owner: "account_id", order: ["id"], indexed: false },
  webhook_endpoints: { owner: "account_id", order: ["id"], indexed: true, secrets: ["secret", "earlier_secret"] },
  webhook_url_secrets: {
    owner: "account_id",
    order: ["account_id"],
    indexed: true,
    secrets: ["secret", "earlier_secret"],
  },
  purges: { owner: "account_id", order: ["id"], indexed: true },
  bulk_jobs: { owner: "account_id", order: ["id"], indexed: true },
  url_endpoints: { owner: "account_id", order: ["id"], indexed: true },
  origins: { owner: "account_id", order: ["id"], indexed: true, secrets: ["secrets"] },
  saved_extensions: { owner: "account_id", order: ["id"], indexed: true },
  // Terms are added to rows of the search index that are there, so the rows go first.
  catalogue: { owner: "account_id", order: ["scope", "id"], indexed: false, notExported: "follows from other tables" },
  catalogue_terms: {
    owner: "account_id",
    order: ["scope", "term", "created_at", "id"],
    indexed: true,
    notExported: "follows from other tables",
  },
  catalogue_values: {
    owner: "account_id",
    order: ["scope", "id", "field"],
    indexed: true,
    notExported: "follows from other tables",
  },
  // Versions are erased together with their files.
  versions: { owner: "account_id", order: ["id"], indexed: false },
  files: { owner: "account_id", order: ["created_at", "id"], indexed: true },
  trashed_versions: { owner: "account_id", order: ["id"], indexed: false },
  trashed_files: { owner: "account_id", order: ["trashed_at", "id"], indexed: true },
  picture_hashes: { owner: "account_id", order: ["blob_id"], indexed: true },
  picture_detections: {
    owner: "account_id",
    order: ["blob_id", "detection", "page", "revision"],
    indexed: true,
  },
  // They refer to contents.
  queued_uploads: { owner: "account_id", order: ["id"], indexed: true, notExported: "is under way" },
  blobs: { owner: "account_id", order: ["sha256"], indexed: true },
  folders: { owner: "account_id", order: ["path"], indexed: true },
  custom_metadata_fields: { owner: "account_id", order: ["id"], indexed: true },
  named_transformations: { owner: "account_id", order: ["id"], indexed: true },
  upload_sessions: { owner: "account_id", order: ["id_digest"], indexed: true, notExported: "is under way" },
  used_tokens: { owner: "account_id", order: ["expires_at", "digest"], indexed: false, secrets: ["digest"] },
  used_v1_tokens: { owner: "account_id", order: ["digest"], indexed: true, secrets: ["digest"] },
  account_storage: { owner: "account_id", order: ["part"], indexed: true },
  // Erasing versions and storage counts adds to it.
  usage_storage: { owner: "account_id", order: ["day", "part"], indexed: true },
  usage_deliveries: { owner: "account_id", order: ["day", "source", "status", "type"], indexed: true },
  usage_events: { owner: "account_id", order: ["day", "source", "kind", "name"], indexed: true },
  usage_extensions: { owner: "account_id", order: ["day", "name"], indexed: true },
  key_pairs: {
    owner: "account_id",
    order: ["id"],
    indexed: true,
    secrets: ["private_key", "private_key_hash"],
  },
  accounts: { owner: "id", order: ["id"], indexed: true },
} as const satisfies { readonly [Table in TableName]: AccountTable<Column<Table>> | undefined };

export type AccountTableName = {
  [Table in TableName]: (typeof accountTables)[Table] extends undefined ? never : Table;
}[TableName];

/** The tables whose rows have an id and belong to an account. */
export type OwningTable = {
  [Table in AccountTableName]: "id" extends keyof Schema[Table] ? Table : never;
}[AccountTableName];

export const accountTableNames = (Object.keys(accountTables) as TableName[]).filter(
  (name): name is AccountTableName => accountTables[name] !== undefined,
);
