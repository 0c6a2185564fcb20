import { sql } from "kysely";
import type { Connection } from "../database.ts";

/** Whether a version is in the library or in the trash. */
export type ContentSource = "library" | "trash";

/** A version's content and the place of its file at the time of reading. In the trash it is the place that it had. */
export interface AccountContent {
  readonly version_id: string;
  readonly file_id: string;
  readonly folder_path: string;
  readonly name: string;
  readonly is_current: boolean;
  readonly is_trashed: boolean;
  readonly number: number;
  readonly mime: string;
  readonly size: number;
  readonly sha256: Uint8Array;
  readonly storage_key: string;
}

/** Returns the contents of the account's versions that follow `after`, in the order of their ids. */
export async function pageOfAccountContents(
  connection: Connection,
  accountId: string,
  { source, after, limit }: { readonly source: ContentSource; readonly after: string; readonly limit: number },
): Promise<AccountContent[]> {
  // No index finds an account's versions. The expression keeps the database from using an index meant for another
  // purpose, which would make it sort all versions for each page.
  const isOwned = sql<boolean>`versions.account_id || '' = ${accountId}`;
  const contents = source === "library" ? selectContents(connection) : selectTrashedContents(connection);
  const rows = await contents
    .where("versions.id", ">", after)
    .where(isOwned)
    .orderBy("versions.id")
    .limit(limit)
    .execute();
  return rows.map((row) => toContent(row, source));
}

/** @returns undefined if the version no longer exists */
export async function findAccountContent(
  connection: Connection,
  versionId: string,
): Promise<AccountContent | undefined> {
  const row = await selectContents(connection).where("versions.id", "=", versionId).executeTakeFirst();
  if (row !== undefined) return toContent(row, "library");
  const trashed = await selectTrashedContents(connection).where("versions.id", "=", versionId).executeTakeFirst();
  return trashed && toContent(trashed, "trash");
}

const contentColumns = [
  "versions.id as version_id",
  "versions.file_id",
  "versions.number",
  "versions.mime",
  "files.name",
  "files.current_version_id",
  "blobs.size",
  "blobs.sha256",
  "blobs.storage_key",
] as const;

function selectContents(connection: Connection) {
  return connection
    .selectFrom("versions")
    .innerJoin("files", "files.id", "versions.file_id")
    .innerJoin("folders", "folders.id", "files.folder_id")
    .innerJoin("blobs", "blobs.id", "versions.blob_id")
    .select([...contentColumns, "folders.path as folder_path"]);
}

function selectTrashedContents(connection: Connection): ReturnType<typeof selectContents> {
  return connection
    .selectFrom("trashed_versions as versions")
    .innerJoin("trashed_files as files", "files.id", "versions.file_id")
    .innerJoin("blobs", "blobs.id", "versions.blob_id")
    .select([...contentColumns, "files.folder_path"]) as unknown as ReturnType<typeof selectContents>;
}

function toContent<Row extends { readonly version_id: string; readonly current_version_id: string }>(
  { current_version_id: current, ...row }: Row,
  source: ContentSource,
) {
  return { ...row, is_current: row.version_id === current, is_trashed: source === "trash" };
}
