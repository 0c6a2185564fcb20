import type { ColumnType } from "kysely";

/**
 * The tables. Both databases have them all, except that `jobs` is SQLite's alone. Times are Unix milliseconds, flags are
 * 0 or 1, lists are JSON text. Every row names its account (docs/architecture.md decision 7).
 */
export interface Schema {
  accounts: AccountsTable;
  account_storage: AccountStorageTable;
  key_pairs: KeyPairsTable;
  usage_deliveries: UsageDeliveriesTable;
  usage_events: UsageEventsTable;
  usage_storage: UsageStorageTable;
  usage_extensions: UsageExtensionsTable;
  custom_metadata_fields: CustomMetadataFieldsTable;
  named_transformations: NamedTransformationsTable;
  url_endpoints: UrlEndpointsTable;
  origins: OriginsTable;
  folders: FoldersTable;
  files: FilesTable;
  versions: VersionsTable;
  trashed_files: TrashedFilesTable;
  trashed_versions: VersionsTable;
  blobs: BlobsTable;
  catalogue: SearchIndexTable;
  catalogue_terms: SearchIndexTermsTable;
  catalogue_values: SearchIndexValuesTable;
  picture_hashes: PictureHashesTable;
  picture_detections: PictureDetectionsTable;
  used_tokens: UsedTokensTable;
  used_v1_tokens: UsedV1TokensTable;
  upload_sessions: UploadSessionsTable;
  queued_uploads: QueuedUploadsTable;
  purges: PurgesTable;
  bulk_jobs: BulkJobsTable;
  jobs: JobsTable;
  job_progress: JobProgressTable;
  job_turns: JobTurnsTable;
  extension_runs: ExtensionRunsTable;
  saved_extensions: SavedExtensionsTable;
  webhook_endpoints: WebhookEndpointsTable;
  webhook_url_secrets: WebhookUrlSecretsTable;
  events: EventsTable;
  webhook_attempts: WebhookAttemptsTable;
  webhook_exchanges: WebhookExchangesTable;
  console_instances: ConsoleInstancesTable;
  console_sessions: ConsoleSessionsTable;
  console_links: ConsoleLinksTable;
  zip_tickets: ZipTicketsTable;
  content_holds: ContentHoldsTable;
  nodes: NodesTable;
  node_floor: NodeFloorTable;
  restores: RestoresTable;
}

type Flag = 0 | 1;
type Fixed<T> = ColumnType<T, T, never>;
type Defaulted<T> = ColumnType<T, T | undefined, T>;

export interface AccountsTable {
  id: Fixed<string>;
  /** First path segment of the account's delivery URLs. */
  imagekit_id: string;
  status: "active" | "disabled";
  /**
   * Whether clients may upload with a V1 signature, which locks no parameter. It is off unless somebody switches it on.
   */
  v1_uploads: Defaulted<Flag>;
  /** JSON of the values that the account's required custom metadata fields give to files without one; null for none. */
  custom_metadata_defaults: Defaulted<string | null>;
  /**
   * Changes with each change of the account's custom metadata fields or named transformations. Only their triggers
   * write it.
   */
  revision: ColumnType<number, never, never>;
  /** Maximum bytes of all the account's versions together; null for the server's own limit, 0 for no limit. */
  storage_limit: Defaulted<number | null>;
  /**
   * JSON of the account's enabled webhook endpoints with their types of events; null for none. Authentication reads it
   * with the account, so that an upload knows the endpoints.
   */
  event_routes: Defaulted<string | null>;
  /**
   * JSON of the delivery switches that somebody has set, and of those whose defaults have changed since a release. Null
   * for an account of an earlier version in which nobody has set any.
   */
  delivery_switches: Defaulted<string | null>;
  created_at: Fixed<number>;
}

/**
 * Only triggers on the versions, and on those in the trash, count in this table; scripts may add rows that count nothing
 * yet. The sum of an account's rows is the size of all its versions together.
 */
export interface AccountStorageTable {
  account_id: Fixed<string>;
  /** The last character of the ids of the files that this row counts. */
  part: Fixed<string>;
  /** May be negative, because only the sum counts. */
  bytes: Fixed<number>;
}

export interface KeyPairsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  public_key: Fixed<string>;
  private_key: Fixed<string>;
  /** SHA-256 of the private key. A look-up by the hash reveals nothing through its timing. */
  private_key_hash: Fixed<Uint8Array>;
  /** A configured pair comes from a flag. An account has at most one that has not expired. */
  origin: "generated" | "configured";
  /** The role says what the pair may do (`accounts/key-roles.ts`). */
  role: ColumnType<"full" | "read" | "upload", "full" | "read" | "upload" | undefined, never>;
  /** Whether uploads with the pair may add versions to files that are there. */
  may_overwrite: ColumnType<Flag, Flag | undefined, never>;
  created_at: Fixed<number>;
  /** The expiry is null if the pair has no end. */
  expires_at: number | null;
  /** The time at which the pair was ended at once; what was begun with it can't be committed any more. */
  revoked_at: Defaulted<number | null>;
  /** The day of the last use, in UTC (`YYYY-MM-DD`); null for a pair that was never used. */
  last_used_on: Defaulted<string | null>;
  /** The name that people have given to the pair; null without one. */
  name: Defaulted<string | null>;
}

/** The totals of each process. An account's deliveries of a day are the sum of its rows. */
export interface UsageDeliveriesTable {
  account_id: Fixed<string>;
  /** `YYYY-MM-DD`, in UTC. */
  day: Fixed<string>;
  /** The process that has counted. */
  source: Fixed<string>;
  status: Fixed<number>;
  /** The media type, or an empty text. */
  type: Fixed<string>;
  requests: number;
  /** The bytes of bodies. */
  bytes: number;
}

/** The totals of each process, as in `usage_deliveries`, and uploads, which their own transactions count. */
export interface UsageEventsTable {
  account_id: Fixed<string>;
  /** `YYYY-MM-DD`, in UTC. */
  day: Fixed<string>;
  /** The process that has counted; of an upload, the part of `account_storage` to which it belongs. */
  source: Fixed<string>;
  /** The kind of a `CountedEvent`, or of `storedUpload`, of `usage/counted.ts`. */
  kind: Fixed<string>;
  name: Fixed<string>;
  events: number;
  /** The bytes of uploads; 0 for other kinds. */
  bytes: number;
}

/** Only triggers on `account_storage` write this table. The sum of all rows up to a day is what was stored at its end. */
export interface UsageStorageTable {
  account_id: Fixed<string>;
  /** `YYYY-MM-DD`, in UTC. */
  day: Fixed<string>;
  /** The part of `account_storage` that the row follows. */
  part: Fixed<string>;
  /** The bytes that were added on the day, less those that were removed. */
  bytes: Fixed<number>;
}

/** Counts the runs of extensions that have done their work. */
export interface UsageExtensionsTable {
  account_id: Fixed<string>;
  /** `YYYY-MM-DD`, in UTC. */
  day: Fixed<string>;
  name: Fixed<string>;
  operations: number;
}

export interface CustomMetadataFieldsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  /** Unique in the account, deleted fields included. */
  name: Fixed<string>;
  /** Unique among the account's fields that are not deleted. */
  label: string;
  description: string | null;
  /** The value as JSON; its type never changes. */
  schema: string;
  created_at: Fixed<number>;
  updated_at: number;
  deleted_at: number | null;
}

export interface NamedTransformationsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  /** Unique in the account. */
  name: string;
  /** The transformation as it was written, without `tr:`. */
  transformation: string;
  enabled: Flag;
  created_at: Fixed<number>;
}

export interface UrlEndpointsTable {
  account_id: Fixed<string>;
  /** Unique in the account. The endpoint with the empty prefix has the id `default`. */
  id: Fixed<string>;
  description: string;
  /** Unique in the account. */
  url_prefix: string;
  /** The ids of the origins in their order, as JSON. */
  origin_ids: string;
  /** The rewriter as JSON; null for none. */
  url_rewriter: string | null;
  created_at: Fixed<number>;
}

export interface OriginsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  name: string;
  type: string;
  /** Everything that the API shows besides name and type, as JSON. */
  settings: string;
  /** The encrypted secrets; null for a type that has none. */
  secrets: string | null;
  created_at: Fixed<number>;
  updated_at: number;
}

export interface FoldersTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  /** Only the root has no parent, so its value is null. */
  parent_id: string | null;
  name: string;
  /** `/` for the root, else without a trailing slash. */
  path: string;
  created_at: Fixed<number>;
  updated_at: number;
  /**
   * The time at which the folder, or one that it lies in, was last moved or renamed; 0 if that never happened. The
   * `updatedAt` of its files is at least this time (`database/repositories/assets.ts`).
   */
  moved_at: Defaulted<number>;
}

export interface FilesTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  folder_id: string;
  name: string;
  current_version_id: string;
  /** Highest number ever given, so that numbers are never reused. */
  last_version_number: number;
  created_at: Fixed<number>;
  updated_at: number;
}

export interface VersionsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  file_id: string;
  number: number;
  blob_id: string;
  size: Fixed<number>;
  mime: string;
  /** Decided from the bytes when they were inspected (`media/inspect/media-kind.ts`). */
  kind: "picture" | "video" | "audio" | "document" | "other";
  /** Follows from `kind`. Only servers of 0.1.0 read it, which may run beside this version. */
  file_type: "image" | "non-image";
  width: number | null;
  height: number | null;
  orientation: number | null;
  has_alpha: Flag | null;
  /** Number of frames or pages; null if they aren't counted, or if the version was stored before they were counted. */
  pages: number | null;
  /** In seconds; of videos and sounds. */
  duration: number | null;
  /** Bits per second. */
  bit_rate: number | null;
  video_codec: string | null;
  audio_codec: string | null;
  /** 1 for a video or a sound that was looked at again and has no facts, so that nobody looks once more. */
  unreadable: Defaulted<1 | null>;
  tags: string | null;
  ai_tags: string | null;
  custom_coordinates: string | null;
  /** JSON of the values by the names of their fields; null for none. */
  custom_metadata: string | null;
  /** JSON of the picture's own EXIF, IPTC and XMP metadata; null if it has none. */
  embedded_metadata: string | null;
  description: string | null;
  is_private_file: Flag;
  is_published: Flag;
  /** The opaque `ik-obj-version` of delivery URLs; changes when the version is (un)published. */
  object_version: string;
  /**
   * The number of times that files derived from it were purged. Files derived before the last purge aren't served any
   * more.
   */
  purges: Defaulted<number>;
  created_at: Fixed<number>;
  updated_at: number;
}

/** All columns except those with a default in the database. */
const insertedIntoVersions = {
  id: true,
  account_id: true,
  file_id: true,
  number: true,
  blob_id: true,
  size: true,
  mime: true,
  kind: true,
  file_type: true,
  width: true,
  height: true,
  orientation: true,
  has_alpha: true,
  pages: true,
  duration: true,
  bit_rate: true,
  video_codec: true,
  audio_codec: true,
  unreadable: true,
  tags: true,
  ai_tags: true,
  custom_coordinates: true,
  custom_metadata: true,
  embedded_metadata: true,
  description: true,
  is_private_file: true,
  is_published: true,
  object_version: true,
  created_at: true,
  updated_at: true,
} as const satisfies Record<Exclude<keyof VersionsTable, "purges">, true>;

export const insertedVersionColumns = Object.keys(insertedIntoVersions) as (keyof typeof insertedIntoVersions)[];

/** All columns. A version that goes into the trash or comes back takes each of them along. */
export const versionColumns: readonly (keyof VersionsTable)[] = [...insertedVersionColumns, "purges"];

/**
 * A file in the trash. It has no row in `files`, and its versions are in `trashed_versions`, which has the columns of
 * `versions`. So nothing but the trash itself ever finds them.
 */
export interface TrashedFilesTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  /** The path of the file's folder when the file was put into the trash. The folder may be gone. */
  folder_path: Fixed<string>;
  name: Fixed<string>;
  current_version_id: Fixed<string>;
  last_version_number: Fixed<number>;
  created_at: Fixed<number>;
  updated_at: Fixed<number>;
  /** Never less than that of a file which the account put into the trash before, as long as that is there. */
  trashed_at: Fixed<number>;
  /** The time from which the sweep deletes the file for good. */
  purge_at: Fixed<number>;
}

export interface BlobsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  /** Key in the blob store. Changes only when a damaged object is replaced by a fresh copy. */
  storage_key: string;
  sha256: Fixed<Uint8Array>;
  size: Fixed<number>;
  created_at: Fixed<number>;
  /** The time at which the row was last adopted. The sweep's grace period counts from here. */
  touched_at: number;
}

/** A search that models have made of a blob's picture. Deleted with the blob. */
export interface PictureDetectionsTable {
  blob_id: Fixed<string>;
  /** The kind of things that were looked for: `faces` or `objects`. */
  detection: Fixed<string>;
  /** The page is counted from 1. Zero stands for the picture as it is shown when no page is asked for. */
  page: Fixed<number>;
  /** The version of the models and of what is made of their answers. */
  revision: Fixed<number>;
  account_id: Fixed<string>;
  /** JSON: the name and the place of each thing. */
  things: Fixed<string>;
}

/** The perceptual hash of a blob, one row for each blob that was looked at. Deleted with the blob. */
export interface PictureHashesTable {
  blob_id: Fixed<string>;
  account_id: Fixed<string>;
  /** 16 hexadecimal digits; null for a blob that is no picture or can't be decoded. */
  hash: Fixed<string | null>;
  /** The four digits of each quarter of the hash. Similar hashes share a quarter, or nearly. */
  band_1: Fixed<string | null>;
  band_2: Fixed<string | null>;
  band_3: Fixed<string | null>;
  band_4: Fixed<string | null>;
  /** As `#rrggbb`, or `none` for a transparent picture; null where nobody has looked for it. */
  dominant_color: string | null;
  /** The blob's `touched_at` when it was looked at. The highest one says how far the hashing has come. */
  blob_touched_at: Fixed<number>;
}

/**
 * Lists and searches read this table. It has a row for each file, old version and folder, except the root. All of it
 * follows from the rows of files, versions and folders, and is written in the transaction that changes them.
 */
export interface SearchIndexTable {
  /** 0 for files and folders, 1 for old versions. Lists of one scope never read the other's part of an index. */
  scope: Fixed<0 | 1>;
  /** Of the file, the folder or the old version. */
  id: Fixed<string>;
  account_id: Fixed<string>;
  /** A file, an old version, or a folder. */
  kind: Fixed<0 | 1 | 2>;
  /** A folder has none. */
  file_id: Fixed<string | null>;
  /** The file's current version, or the old version; null for a folder. */
  version_id: string | null;
  /** The folder that holds it. Its path is in that folder's row alone, so that a folder's move touches no other row. */
  folder_id: string;
  name: string;
  /** The words of the name, each behind a space. */
  words: string;
  created_at: number;
  updated_at: number;
  /** A folder has none, and nothing in the columns below. */
  size: number | null;
  width: number | null;
  height: number | null;
  is_image: Flag | null;
  /** As searches name it; null for a type that they have no name for. */
  format: string | null;
  is_private: Flag | null;
  is_published: Flag | null;
  has_alpha: Flag | null;
  /** The words of tags and AI tags, each behind a space; null where there is no tag. */
  tag_words: string | null;
  /** 1 where the embedded metadata have keywords. */
  has_keywords: Flag | null;
  /** `DateTimeOriginal` of the embedded metadata. */
  taken_at: number | null;
  /** The place where the picture was taken, in degrees. The other three are the same place on a sphere of radius 1. */
  latitude: number | null;
  longitude: number | null;
  place_x: number | null;
  place_y: number | null;
  place_z: number | null;
  /** JSON of those terms that don't follow from the other columns; null for none. */
  terms: string | null;
  /** 1 once the lists of terms and the indexes of values have the row (`search-index/settle-index.ts`), null before. */
  settled: 1 | null;
}

/**
 * Finds what has a term (`search-index/terms.ts`), in the order of creation. Only its key is indexed: a removal knows the
 * terms from the row.
 */
export interface SearchIndexTermsTable {
  account_id: Fixed<string>;
  scope: Fixed<0 | 1>;
  term: Fixed<string>;
  created_at: Fixed<number>;
  id: Fixed<string>;
}

/** The values of custom metadata, for comparisons. */
export interface SearchIndexValuesTable {
  account_id: Fixed<string>;
  scope: Fixed<0 | 1>;
  id: Fixed<string>;
  /** The field's name. */
  field: Fixed<string>;
  /** The value as text; null for a list. */
  text: string | null;
  /** Its words, each behind a space; null for what is no text. */
  words: string | null;
  /** The value as a number, where it is one or spells one. */
  number: number | null;
  /** The value as a time, where it spells one. */
  time: number | null;
}

export interface UsedTokensTable {
  /**
   * The token's `exp`, in Unix seconds. It comes first in the key, so that inserts are local and pruning is a range.
   */
  expires_at: Fixed<number>;
  digest: Fixed<Uint8Array>;
  account_id: Fixed<string>;
  used_at: Fixed<number>;
  /**
   * The outcome of the token's upload. Open: nothing yet; queued: a job makes its file; stored: `version_id`; abandoned:
   * nothing was stored, and nothing will be. Null in rows of a version of this program that did not record it.
   */
  outcome: "open" | "queued" | "stored" | "abandoned" | null;
  /** Written by the commit's own transaction; the version may have been deleted since. */
  version_id: string | null;
  /** JSON of the upload's answer, as far as it can change; null in rows of a version that kept nothing of it. */
  answer: Defaulted<string | null>;
  /**
   * The client's name for the request that presented the token, by which it tells its own request from another one with
   * the same token.
   */
  attempt: Fixed<string | null>;
}

/** Tokens of V1 signatures. A token may be signed anew with another expiry, so the token alone is the key. */
export interface UsedV1TokensTable {
  account_id: Fixed<string>;
  /** SHA-256 of the token's text. */
  digest: Fixed<Uint8Array>;
  used_at: Fixed<number>;
}

/** A resumable upload, from its creation until its session expires. */
export interface UploadSessionsTable {
  /** SHA-256 of the session's id. The id is a secret, and is stored nowhere. */
  id_digest: Fixed<Uint8Array>;
  account_id: Fixed<string>;
  /** The key pair that let the upload in. */
  key_id: Fixed<string>;
  /** The token that was burnt for the session, as the ledger names it; null if the private key was sent. */
  token_expires_at: Fixed<number | null>;
  token_digest: Fixed<Uint8Array | null>;
  request_id: Fixed<string>;
  /**
   * The address under which clients reached the server that created the session. A process that finishes the upload
   * later may serve no clients, and so know no address.
   */
  public_url: Fixed<string>;
  /** The client's network when the session was created. */
  client: Fixed<string>;
  /** The arrival of the request that created the session, by its process's clock. */
  arrived_at: Fixed<number>;
  /** The times of this table but `arrived_at` are those of the database's clock (`clockOf`). */
  created_at: Fixed<number>;
  expires_at: Fixed<number>;
  /** The size of the whole file. */
  length: number;
  /** The bytes that were acknowledged: the offset of tus. */
  received: number;
  /** The key that the blob will have in the store. */
  blob_key: Fixed<string>;
  /** JSON of where the received bytes are; null once the session holds no bytes. */
  bytes: string | null;
  /** JSON of the upload's parameters, each a name and a value, in their order. */
  fields: Fixed<string>;
  /** The header `Upload-Metadata` as the client sent it. */
  metadata: Fixed<string>;
  /** The request that has the session's lease, by a name of its own; null if none has. */
  holder: string | null;
  lease_until: number | null;
  /** Whether another request asks the holder to let go. */
  wanted: Flag;
  /** The number of leases that ran out and were taken over. */
  takeovers: number;
  /**
   * Open: the session takes bytes; ending: it was removed, expired or was revoked, and only its bytes are still to be
   * discarded; stored: the upload is a version; refused: it never will be.
   */
  state: "open" | "ending" | "stored" | "refused";
  /** The stored version. It may have been deleted since. */
  version_id: string | null;
  /** JSON of the upload's answer, as `used_tokens` keeps it. */
  answer: string | null;
  /** JSON of the status and the body of a refused upload's answer. */
  refusal: string | null;
}

/** The time that an account's long jobs have used lately (`JobRules.fairBy`). */
export interface JobTurnsTable {
  account_id: Fixed<string>;
  /** Unix milliseconds. It grows by the time of each run, and counts from now where it has passed. */
  used_until: number;
}

/**
 * An upload that was acknowledged before its file is made: a job makes the file of what came. Its end, whether the file is
 * stored or not, deletes the row, so that it ends once.
 */
export interface QueuedUploadsTable {
  /** The id that the version will have. */
  id: Fixed<string>;
  account_id: Fixed<string>;
  /** What came. */
  blob_id: Fixed<string>;
  size: Fixed<number>;
  /** The key pair that let the upload in. */
  key_id: Fixed<string>;
  /** The token as the ledger names it; null if the private key was sent. */
  token_expires_at: Fixed<number | null>;
  token_digest: Fixed<Uint8Array | null>;
  /** The resumable upload that it came by, or null. */
  session_digest: Fixed<Uint8Array | null>;
  /** The name that the file will have. */
  name: Fixed<string>;
  /** JSON of the upload's parameters, each a name and a value, in their order. */
  fields: Fixed<string>;
  request_id: Fixed<string>;
  public_url: Fixed<string>;
  /** The client's network. */
  client: Fixed<string>;
  /** The arrival of the request, by its process's clock. */
  created_at: Fixed<number>;
}

/** An extension that was requested and has not ended yet. Its end deletes the row, so that it ends once. */
export interface ExtensionRunsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  file_id: Fixed<string>;
  version_id: Fixed<string>;
  name: Fixed<string>;
  /** The value as JSON. */
  options: Fixed<string>;
  /** The URL that is told of the end, if the request named one. */
  webhook_url: Fixed<string | null>;
  /** The address under which clients reached the server that took the request. */
  public_url: Fixed<string>;
  imagekit_id: Fixed<string>;
  /** JSON of the details of the version that the URL isn't told; null for none. */
  withheld: ColumnType<string | null, string | null | undefined, never>;
  created_at: Fixed<number>;
}

export interface SavedExtensionsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  name: string;
  description: string;
  /** JSON of one entry of `extensions`. */
  config: string;
  created_at: Fixed<number>;
  updated_at: number;
}

export interface PurgesTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  /** The beginning of the paths of the purged files; null for one file. */
  path_prefix: Fixed<string | null>;
  created_at: Fixed<number>;
  completed_at: number | null;
}

/** A job that copies, moves, renames or deletes a folder, and the lock on the paths that the job works on. */
export interface BulkJobsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  type: Fixed<"COPY_FOLDER" | "MOVE_FOLDER" | "RENAME_FOLDER" | "DELETE_FOLDER">;
  /** The paths are locked while the job is pending. */
  status: "Pending" | "Completed";
  /** The path of the folder when the job was created. */
  source_path: Fixed<string>;
  /** The path at which the folder is to be afterwards; null if the folder is deleted. */
  target_path: Fixed<string | null>;
  /** Whether old versions are copied as well. */
  all_versions: Fixed<Flag>;
  /** The time for which deleted files stay in the trash; null if they are deleted for good. */
  trash_ms: Fixed<number | null>;
  /** The purge of what was derived from the renamed files; null if nobody has asked for it. */
  purge_id: Fixed<string | null>;
  /** The address under which clients reached the server that took the request. */
  public_url: Fixed<string>;
  /** JSON of where the job is. Each step changes it in the step's own transaction. */
  progress: string;
  /** Number of files and folders that the job has dealt with. */
  done: number;
  /** Number of files and folders that the job had to deal with when it was created. */
  total: Fixed<number>;
  /** JSON of what the job could not do; null if it did everything. */
  error: string | null;
  created_at: Fixed<number>;
  ended_at: number | null;
}

/** The job queue of SQLite. A job that concerns an account names it in its input. */
export interface JobsTable {
  id: Fixed<string>;
  name: Fixed<string>;
  /** The value as JSON. */
  input: Fixed<string>;
  /** A dead job is kept as a dead letter, a done job only while its slot lasts. */
  state: "waiting" | "active" | "done" | "dead";
  /** The time from which the job may be taken. For an active job this is the end of its worker's lease. */
  due_at: number;
  /**
   * Number of runs begun. It also identifies the run that a worker holds: after the lease has run out and another run
   * has begun, the job no longer has this number.
   */
  attempts: number;
  /** The span of time in which there is at most one job of this name, or null. */
  slot: Fixed<string | null>;
  /** The party or object that the job is done for, or empty. A bounded number of the jobs in one lane run at a time. */
  lane: Fixed<string>;
  /** The error of the last run that failed. */
  error: string | null;
  created_at: Fixed<number>;
  ended_at: number | null;
}

/** The progress of jobs that have not ended. */
export interface JobProgressTable {
  /** The name of the job's kind. */
  job: Fixed<string>;
  /** The value of the member of the job's input that its record names (`progressBy`). */
  key: Fixed<string>;
  account_id: string;
  /** A number from 0 to 1. */
  fraction: number;
  /** A sentence for people. */
  message: string;
  updated_at: number;
}

export interface WebhookEndpointsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  url: string;
  /** Signs what is sent, so it is stored as it is and not as a hash. */
  secret: string;
  /** The previous secret, which also signs until `earlier_secret_until`. */
  earlier_secret: string | null;
  earlier_secret_until: number | null;
  /** JSON of the types of events that the endpoint is told of; null for all. */
  event_types: string | null;
  status: "enabled" | "disabled";
  /** A configured endpoint comes from a flag. An account has at most one. */
  origin: "configured" | "added";
  created_at: Fixed<number>;
}

/** Signs webhooks to URLs that an account's requests have named. The secret is created when it is first needed. */
export interface WebhookUrlSecretsTable {
  account_id: Fixed<string>;
  secret: string;
  /** The previous secret, which also signs until `earlier_secret_until`. */
  earlier_secret: string | null;
  earlier_secret_until: number | null;
}

/** Events that have happened, kept for a while so that they can be sent again. */
export interface EventsTable {
  /** A UUID that begins with the time. */
  id: Fixed<string>;
  account_id: Fixed<string>;
  type: Fixed<string>;
  /**
   * The URL that a request asked to be told at (`webhookUrl`); null for events that the account's endpoints are told
   * of.
   */
  url: Fixed<string | null>;
  /** The body that is sent, byte for byte. */
  payload: Fixed<string>;
}

/** One row for each attempt to tell somebody of an event. */
export interface WebhookAttemptsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  event_id: Fixed<string>;
  /** The id is null if a request named the URL. */
  endpoint_id: Fixed<string | null>;
  attempt: Fixed<number>;
  /** The status of the answer; null without an answer. */
  status: Fixed<number | null>;
  /** The reason why the attempt doesn't count as delivered; null if it does. */
  error: Fixed<string | null>;
  /** The beginning of the answer's body. */
  excerpt: Fixed<string | null>;
  duration_ms: Fixed<number>;
  created_at: Fixed<number>;
}

/** The requests and answers of the latest attempts at each target. */
export interface WebhookExchangesTable {
  attempt_id: Fixed<string>;
  account_id: Fixed<string>;
  /** The id of the endpoint; the account's id for the URLs that its requests have named. */
  target: Fixed<string>;
  /** The URL at the time of the attempt. */
  url: Fixed<string>;
  /** JSON of the beginning of the answer (`KeptAnswer`); null without an answer. */
  answer: Fixed<string | null>;
}

/** One row, whose id is part of the name of the console's cookie. */
export interface ConsoleInstancesTable {
  id: Fixed<string>;
}

/** A browser that is signed in to the console. */
export interface ConsoleSessionsTable {
  id: Fixed<string>;
  account_id: Fixed<string>;
  /** SHA-256 of the cookie's value. */
  token_hash: Fixed<Uint8Array>;
  /** The key pair that the session stands for. The session ends with it. */
  key_pair_id: Fixed<string>;
  /** The session may do less than its key pair. */
  role: Fixed<"full" | "read">;
  /** The browser, as it has named itself; shortened. */
  client: Fixed<string>;
  created_at: Fixed<number>;
  /** The last use, to a minute. */
  last_seen_at: number;
  ends_at: Fixed<number>;
}

/** A link that signs in once. It is deleted by its use. */
export interface ConsoleLinksTable {
  /** SHA-256 of the link's secret. */
  hash: Fixed<Uint8Array>;
  account_id: Fixed<string>;
  role: Fixed<"full" | "read">;
  created_at: Fixed<number>;
  ends_at: Fixed<number>;
}

/** A ZIP whose download has not begun. The row is deleted when it begins. */
export interface ZipTicketsTable {
  /** SHA-256 of the ticket. */
  hash: Fixed<Uint8Array>;
  account_id: Fixed<string>;
  /** The key pair that asked for the download. The ticket ends with it. */
  key_pair_id: Fixed<string>;
  role: Fixed<"full" | "read" | "upload">;
  /** JSON of the ids of files and the paths of folders that were asked for. */
  selection: Fixed<string>;
  created_at: Fixed<number>;
  ends_at: Fixed<number>;
}

/** One row. While somebody holds it, no sweep deletes contents. */
export interface ContentHoldsTable {
  id: Fixed<"contents">;
  /** The backup or the erasure that took the hold last, by a name of its own. */
  holder: string | null;
  /** The times are those of the database's clock. */
  held_since: number | null;
  held_until: number;
}

/** One row for each time that the library was restored from a backup. */
export interface RestoresTable {
  id: Fixed<string>;
  restored_at: Fixed<number>;
  /** The first start of a server on the restored library; null before it. */
  served_at: number | null;
  /** Whatever admits an upload once must have been issued after this time. */
  issued_after: number;
}

/** The processes that serve the library or run its jobs. */
export interface NodesTable {
  id: Fixed<string>;
  version: string;
  /** The newest restricting features that it knows (`nodes/restricting-features.ts`). */
  level: number;
  /** The time is that of the database's clock. */
  seen_at: number;
}

/** One row, which has the level that a server needs to serve the library. */
export interface NodeFloorTable {
  id: Fixed<"nodes">;
  /** It only grows. */
  level: number;
  /** The first version that is of this level. */
  since: string;
}
