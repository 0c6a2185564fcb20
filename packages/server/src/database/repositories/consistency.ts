import { sql } from "kysely";
import type { Connection } from "../database.ts";
import type { BlobRow } from "./blobs.ts";

/** The queries of `sluice fsck`. */

/** Returns the blobs after `afterId`, in the order of their ids. */
export async function pageOfBlobs(connection: Connection, afterId: string, limit: number): Promise<BlobRow[]> {
  return connection.selectFrom("blobs").selectAll().where("id", ">", afterId).orderBy("id").limit(limit).execute();
}

export async function countRows(
  connection: Connection,
  table: "files" | "versions" | "blobs" | "trashed_files",
): Promise<number> {
  const { count } = await connection
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Returns the bytes of all blobs together. */
export async function sumBlobSizes(connection: Connection): Promise<number> {
  const { sum } = await connection
    .selectFrom("blobs")
    .select(({ fn }) => fn.sum<number | null>("size").as("sum"))
    .executeTakeFirstOrThrow();
  return Number(sum);
}

/** Where files and versions are: those of the library, or those of the trash, which has the same columns. */
export interface FilePlace {
  readonly files: "files" | "trashed_files";
  readonly versions: "versions" | "trashed_versions";
}

/** Finds versions whose blob is missing, belongs to another account or has another size. */
export async function findVersionsWithoutBlob(connection: Connection, place: FilePlace): Promise<string[]> {
  const rows = await connection
    .selectFrom(versionsOf(place))
    .leftJoin("blobs", "blobs.id", "versions.blob_id")
    .select("versions.id")
    .where((where) =>
      where.or([
        where("blobs.id", "is", null),
        where("blobs.account_id", "!=", where.ref("versions.account_id")),
        where("blobs.size", "!=", where.ref("versions.size")),
      ]),
    )
    .execute();
  return rows.map((row) => row.id);
}

/** Finds files whose current version is missing or belongs to another file. */
export async function findFilesWithoutCurrent(connection: Connection, place: FilePlace): Promise<string[]> {
  const rows = await connection
    .selectFrom(filesOf(place))
    .leftJoin(versionsOf(place), (join) =>
      join.onRef("versions.id", "=", "files.current_version_id").onRef("versions.file_id", "=", "files.id"),
    )
    .select("files.id")
    .where("versions.id", "is", null)
    .execute();
  return rows.map((row) => row.id);
}

/** Finds versions without a file, and versions whose number is higher than any number that their file has assigned. */
export async function findStrayVersions(connection: Connection, place: FilePlace): Promise<string[]> {
  const rows = await connection
    .selectFrom(versionsOf(place))
    .leftJoin(filesOf(place), "files.id", "versions.file_id")
    .select("versions.id")
    .where((where) =>
      where.or([
        where("files.id", "is", null),
        where("versions.number", ">", where.ref("files.last_version_number")),
        where("files.account_id", "!=", where.ref("versions.account_id")),
      ]),
    )
    .execute();
  return rows.map((row) => row.id);
}

const filesOf = ({ files }: FilePlace) => `${files as "files"} as files` as const;
const versionsOf = ({ versions }: FilePlace) => `${versions as "versions"} as versions` as const;

/**
 * Finds accounts whose count of stored bytes differs from the sum of their versions. One query compares them and reads
 * each row once.
 */
export async function findMiscountedAccounts(connection: Connection): Promise<string[]> {
  const rows = await connection
    .selectFrom("accounts")
    .leftJoin(sumsOf(connection, "account_storage", "bytes").as("counted"), "counted.account_id", "accounts.id")
    .leftJoin(sumsOf(connection, "versions", "size").as("stored"), "stored.account_id", "accounts.id")
    .leftJoin(sumsOf(connection, "trashed_versions", "size").as("trashed"), "trashed.account_id", "accounts.id")
    .select("accounts.id")
    .where(({ eb, fn, lit }) =>
      eb(
        fn.coalesce("counted.sum", lit(0)),
        "!=",
        eb(fn.coalesce("stored.sum", lit(0)), "+", fn.coalesce("trashed.sum", lit(0))),
      ),
    )
    .execute();
  return rows.map((row) => row.id);
}

function sumsOf<Table extends "account_storage" | "versions" | "trashed_versions">(
  connection: Connection,
  table: Table,
  column: Table extends "account_storage" ? "bytes" : "size",
) {
  return connection
    .selectFrom(table as "account_storage" | "versions")
    .select(({ fn }) => ["account_id", fn.sum<number>(column as "size").as("sum")])
    .groupBy("account_id");
}

/** Finds files in the trash that are in the library as well, or one of whose versions is. */
export async function findHalfTrashed(connection: Connection): Promise<string[]> {
  const files = await connection
    .selectFrom("trashed_files")
    .innerJoin("files", "files.id", "trashed_files.id")
    .select("files.id")
    .execute();
  const versions = await connection
    .selectFrom("trashed_versions")
    .innerJoin("versions", "versions.id", "trashed_versions.id")
    .select("trashed_versions.file_id as id")
    .execute();
  return [...new Set([...files, ...versions].map(({ id }) => id))];
}

/** Finds folders whose path doesn't follow from the path of the folder that they lie in. */
export async function findMisplacedFolders(connection: Connection): Promise<string[]> {
  const rows = await connection
    .selectFrom("folders")
    .leftJoin("folders as parent", "parent.id", "folders.parent_id")
    .select("folders.id")
    .where(({ and, eb, or, ref }) =>
      or([
        and([eb("folders.parent_id", "is", null), eb("folders.path", "!=", "/")]),
        and([eb("folders.parent_id", "is not", null), eb("parent.id", "is", null)]),
        eb("parent.account_id", "!=", ref("folders.account_id")),
        eb(
          "folders.path",
          "!=",
          sql<string>`case parent.path when '/' then '/' else parent.path || '/' end || folders.name`,
        ),
      ]),
    )
    .execute();
  return rows.map(({ id }) => id);
}

/** Finds files in a folder of another account. */
export async function findFilesInForeignFolders(connection: Connection): Promise<string[]> {
  const rows = await connection
    .selectFrom("files")
    .leftJoin("folders", "folders.id", "files.folder_id")
    .select("files.id")
    .where(({ eb, or, ref }) =>
      or([eb("folders.id", "is", null), eb("folders.account_id", "!=", ref("files.account_id"))]),
    )
    .execute();
  return rows.map(({ id }) => id);
}
