import { sql } from "kysely";
import type { Connection } from "../database.ts";

/** A version's content and the place of its file at the time of reading. */
export interface AccountContent {
  readonly version_id: string;
  readonly file_id: string;
  readonly folder_path: string;
  readonly name: string;
  readonly is_current: boolean;
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
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<AccountContent[]> {
  // No index finds an account's versions. The expression keeps the database from using an index meant for another
  // purpose, which would make it sort all versions for each page.
  const isOwned = sql<boolean>`versions.account_id || '' = ${accountId}`;
  const rows = await selectContents(connection)
    .where("versions.id", ">", after)
    .where(isOwned)
    .orderBy("versions.id")
    .limit(limit)
    .execute();
  return rows.map(toContent);
}

/** @returns undefined if the version no longer exists */
export async function findAccountContent(
  connection: Connection,
  versionId: string,
): Promise<AccountContent | undefined> {
  const row = await selectContents(connection).where("versions.id", "=", versionId).executeTakeFirst();
  return row && toContent(row);
}

function selectContents(connection: Connection) {
  return connection
    .selectFrom("versions")
    .innerJoin("files", "files.id", "versions.file_id")
    .innerJoin("folders", "folders.id", "files.folder_id")
    .innerJoin("blobs", "blobs.id", "versions.blob_id")
    .select([
      "versions.id as version_id",
      "versions.file_id",
      "versions.number",
      "versions.mime",
      "folders.path as folder_path",
      "files.name",
      "files.current_version_id",
      "blobs.size",
      "blobs.sha256",
      "blobs.storage_key",
    ]);
}

function toContent<Row extends { readonly version_id: string; readonly current_version_id: string }>({
  current_version_id: current,
  ...row
}: Row) {
  return { ...row, is_current: row.version_id === current };
}
