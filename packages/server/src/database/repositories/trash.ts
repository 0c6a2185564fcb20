import { type ExpressionBuilder, type Selectable, type SelectQueryBuilder, sql } from "kysely";
import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../database.ts";
import { locking } from "../locks.ts";
import { type Schema, type TrashedFilesTable, versionColumns } from "../schema.ts";
import type { DeliverableRow } from "./deliverables.ts";
import { deleteFiles, type FileRow, type VersionRow } from "./files.ts";

/*
 * The files in the trash. A file that goes into the trash leaves `files` and `versions` with all its rows, and a file
 * that is restored gets them back, so the queries of the library know nothing of the trash.
 */

export type TrashedFileRow = Selectable<TrashedFilesTable>;

/** Puts locked files into the trash with all their versions. Each is kept until its `purgeAt`. */
export async function moveIntoTrash(
  connection: Connection,
  fileIds: readonly string[],
  { trashedAt, purgeAt }: { readonly trashedAt: number; readonly purgeAt: number },
): Promise<void> {
  if (fileIds.length === 0) return;
  await connection
    .insertInto("trashed_files")
    .columns([...fileColumns, "folder_path", "trashed_at", "purge_at"])
    .expression((from) =>
      from
        .selectFrom("files")
        .innerJoin("folders", "folders.id", "files.folder_id")
        .select(fileColumns.map((column) => `files.${column}` as const))
        .select(["folders.path as folder_path", time(trashedAt).as("trashed_at"), time(purgeAt).as("purge_at")])
        .where("files.id", "in", fileIds),
    )
    .execute();
  await connection
    .insertInto("trashed_versions")
    .columns(versionColumns)
    .expression((from) => from.selectFrom("versions").select(versionColumns).where("file_id", "in", fileIds))
    .execute();
  await deleteFiles(connection, fileIds);
}

const fileColumns = [
  "id",
  "account_id",
  "name",
  "current_version_id",
  "last_version_number",
  "created_at",
  "updated_at",
] as const satisfies readonly (keyof FileRow & keyof TrashedFileRow)[];

function time(value: number) {
  return sql<number>`cast(${value} as bigint)`;
}

/** Returns the latest `trashed_at` of the account's files in the trash; 0 if the trash is empty. */
export async function latestTrashing(connection: Connection, accountId: string): Promise<number> {
  const row = await connection
    .selectFrom("trashed_files")
    .select("trashed_at")
    .where("account_id", "=", accountId)
    .orderBy("trashed_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.trashed_at ?? 0;
}

/** Selects what a viewer may see of a trash. */
function selectSeen(connection: Connection, viewer: Viewer) {
  return connection.selectFrom("trashed_files").where("account_id", "=", viewer.accountId);
}

export async function findTrashedFile(
  connection: Connection,
  viewer: Viewer,
  fileId: string,
): Promise<TrashedFileRow | undefined> {
  return selectSeen(connection, viewer).selectAll().where("id", "=", fileId).executeTakeFirst();
}

/** Finds the current version of a file in the account's trash, with everything that its thumbnail is made from. */
export async function findTrashedDeliverable(
  connection: Connection,
  viewer: Viewer,
  fileId: string,
): Promise<DeliverableRow | undefined> {
  return connection
    .selectFrom("trashed_files as files")
    .innerJoin("trashed_versions as versions", "versions.id", "files.current_version_id")
    .innerJoin("blobs", "blobs.id", "versions.blob_id")
    .selectAll("versions")
    .select([
      "files.name",
      "files.current_version_id",
      "files.created_at as file_created_at",
      "files.folder_path",
      // The folder may be gone. Its moves count for URLs, and no URL leads to the file.
      "files.trashed_at as folder_moved_at",
      "files.updated_at as file_updated_at",
      "blobs.storage_key",
      "blobs.sha256",
    ])
    .where("files.id", "=", fileId)
    .where("files.account_id", "=", viewer.accountId)
    .executeTakeFirst();
}

/**
 * Locks those of the files that are in the account's trash, in the order of their ids: until the transaction ends, no
 * other transaction restores or deletes them.
 */
export async function lockTrashedFiles(
  connection: Connection,
  accountId: string,
  fileIds: readonly string[],
): Promise<TrashedFileRow[]> {
  if (fileIds.length === 0) return [];
  const files = connection.selectFrom("trashed_files").selectAll().where("account_id", "=", accountId);
  return locking(connection, files.where("id", "in", fileIds).orderBy("id")).execute();
}

/** The next files of an account's trash that were put there no later than `until`, the earliest first. */
export async function pageTrashedUntil(
  connection: Connection,
  accountId: string,
  { until, limit }: { readonly until: number; readonly limit: number },
): Promise<string[]> {
  const files = connection.selectFrom("trashed_files").select("id").where("account_id", "=", accountId);
  const rows = await files.where("trashed_at", "<=", until).orderBy("trashed_at").orderBy("id").limit(limit).execute();
  return rows.map(({ id }) => id);
}

/** The files, of all accounts, whose time in the trash is over at `now`; those that are over longest come first. */
export async function pageOverdueTrash(
  connection: Connection,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<Pick<TrashedFileRow, "id" | "account_id">[]> {
  return connection
    .selectFrom("trashed_files")
    .select(["id", "account_id"])
    .where("purge_at", "<=", now)
    .orderBy("purge_at")
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** The number of versions of each of the files in the trash. */
export async function countTrashedVersions(
  connection: Connection,
  fileIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (fileIds.length === 0) return new Map();
  const rows = await connection
    .selectFrom("trashed_versions")
    .select(({ fn }) => ["file_id", fn.countAll<number>().as("count")])
    .where("file_id", "in", fileIds)
    .groupBy("file_id")
    .execute();
  return new Map(rows.map(({ file_id, count }) => [file_id, Number(count)]));
}

/** Deletes locked files in the trash for good. Their blobs are left to the sweep. */
export async function deleteTrashedFiles(connection: Connection, fileIds: readonly string[]): Promise<void> {
  if (fileIds.length === 0) return;
  await connection.deleteFrom("trashed_versions").where("file_id", "in", fileIds).execute();
  await connection.deleteFrom("trashed_files").where("id", "in", fileIds).execute();
}

/** Lists the versions of a file in the trash by their numbers. */
export async function listTrashedVersions(
  connection: Connection,
  fileId: string,
): Promise<Pick<VersionRow, "id" | "number">[]> {
  const versions = connection.selectFrom("trashed_versions").select(["id", "number"]);
  return versions.where("file_id", "=", fileId).orderBy("number").execute();
}

/** Gives all versions of a file in the trash back to the library. The file's row is there again. */
export async function restoreVersions(connection: Connection, fileId: string): Promise<void> {
  await connection
    .insertInto("versions")
    .columns(versionColumns)
    .expression((from) => from.selectFrom("trashed_versions").select(versionColumns).where("file_id", "=", fileId))
    .execute();
}

/** Gives one version in the trash to a file of the library, under a number of that file. */
export async function restoreVersionAs(
  connection: Connection,
  versionId: string,
  as: { readonly fileId: string; readonly number: number },
): Promise<void> {
  const others = versionColumns.filter((column) => column !== "file_id" && column !== "number");
  await connection
    .insertInto("versions")
    .columns([...others, "file_id", "number"])
    .expression((from) =>
      from
        .selectFrom("trashed_versions")
        .select(others)
        .select([sql<string>`${as.fileId}`.as("file_id"), time(as.number).as("number")])
        .where("id", "=", versionId),
    )
    .execute();
}

/** A file in the trash, as it is listed. */
export interface TrashedAsset
  extends Pick<TrashedFileRow, "id" | "name" | "folder_path" | "created_at" | "trashed_at" | "purge_at"> {
  readonly kind: VersionRow["kind"];
  readonly mime: string;
  readonly width: number | null;
  readonly height: number | null;
  /** The bytes of the current version. */
  readonly size: number;
  readonly versions: number;
  /** The bytes of all versions together. */
  readonly bytes: number;
}

/** A position in the list of a trash. */
export interface TrashPosition {
  readonly trashedAt: number;
  readonly id: string;
}

/** The next names in the account's trash, what was put there last first. */
export async function pageOfTrashedNames(
  connection: Connection,
  viewer: Viewer,
  at: { readonly after: TrashPosition | undefined; readonly limit: number },
): Promise<Pick<TrashedFileRow, "id" | "name" | "trashed_at">[]> {
  return selectPage(connection, viewer, at).select(["id", "name", "trashed_at"]).execute();
}

/** Lists the account's trash, what was put there last first. */
export async function pageOfTrash(
  connection: Connection,
  viewer: Viewer,
  at: { readonly after: TrashPosition | undefined; readonly limit: number },
): Promise<TrashedAsset[]> {
  const files = selectPage(connection, viewer, at).selectAll();
  return listTrashed(connection, files);
}

/** Lists those of the files that are in the account's trash, what was put there last first. */
export async function findTrashedAssets(
  connection: Connection,
  viewer: Viewer,
  fileIds: readonly string[],
): Promise<TrashedAsset[]> {
  if (fileIds.length === 0) return [];
  return listTrashed(connection, selectSeen(connection, viewer).selectAll().where("id", "in", fileIds));
}

function selectPage(
  connection: Connection,
  viewer: Viewer,
  { after, limit }: { readonly after: TrashPosition | undefined; readonly limit: number },
) {
  const files = selectSeen(connection, viewer).orderBy("trashed_at", "desc").orderBy("id", "desc").limit(limit);
  return after === undefined ? files : files.where(isAfter(after));
}

async function listTrashed(
  connection: Connection,
  files: SelectQueryBuilder<Schema, "trashed_files", TrashedFileRow>,
): Promise<TrashedAsset[]> {
  const rows = await connection
    .selectFrom(files.as("files"))
    .innerJoin("trashed_versions as current", "current.id", "files.current_version_id")
    .select(["files.id", "files.name", "files.folder_path", "files.created_at", "files.trashed_at", "files.purge_at"])
    .select(["current.kind", "current.mime", "current.width", "current.height", "current.size"])
    .orderBy("files.trashed_at", "desc")
    .orderBy("files.id", "desc")
    .execute();
  const sums = await sumsOf(
    connection,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, ...(sums.get(row.id) ?? { versions: 1, bytes: row.size }) }));
}

function isAfter({ trashedAt, id }: TrashPosition) {
  return ({ and, eb, or }: ExpressionBuilder<Schema, "trashed_files">) =>
    and([
      eb("trashed_at", "<=", trashedAt),
      or([eb("trashed_at", "<", trashedAt), and([eb("trashed_at", "=", trashedAt), eb("id", "<", id)])]),
    ]);
}

async function sumsOf(connection: Connection, fileIds: readonly string[]) {
  if (fileIds.length === 0) return new Map<string, Pick<TrashedAsset, "versions" | "bytes">>();
  const rows = await connection
    .selectFrom("trashed_versions")
    .select(({ fn }) => ["file_id", fn.countAll<number>().as("count"), fn.sum<number | string>("size").as("bytes")])
    .where("file_id", "in", fileIds)
    .groupBy("file_id")
    .execute();
  return new Map(rows.map(({ file_id, count, bytes }) => [file_id, { versions: Number(count), bytes: Number(bytes) }]));
}
