import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import { entryOfFolder, entryOfVersion } from "./entry.ts";
import { type IndexEntry, type IndexRow, kinds, type StoredRow } from "./row.ts";
import { selectFolderSources, type VersionSource, versionsOfFile } from "./sources.ts";
import { changeEntry, deleteEntry, insertEntry } from "./write-entries.ts";

/*
 * The search index is what lists and searches read. Each script that changes files or folders says here which ones it has
 * changed, created or deleted, in the transaction of the change and after it. It has the files and folders locked.
 */

/**
 * Brings the search index in line with the files as they are now in this transaction, deleted ones included. One file after
 * the other, so that the versions of one file are in memory, and not those of all. A file that has lost versions to
 * another one comes before it.
 */
export async function indexFiles(connection: Connection, fileIds: readonly string[]): Promise<void> {
  for (const fileId of fileIds) {
    const { rows: current } = await entryOfFile(connection, { fileId });
    const { rows: old } = await entriesOfOldVersions(connection, { fileId });
    const { rows: sources } = await versionsOfFile(connection, { fileId });
    await bringInLine(connection, [...current, ...old], sources.map(entryOfVersion));
  }
}

/** Brings the search index in line with the folders as they are now in this transaction, deleted ones included. */
export async function indexFolders(connection: Connection, folderIds: readonly string[]): Promise<void> {
  for (let start = 0; start < folderIds.length; start += foldersAtOnce) {
    const ids = folderIds.slice(start, start + foldersAtOnce);
    const sources = await selectFolderSources(connection).where("id", "in", ids).execute();
    const entries = connection.selectFrom("catalogue").selectAll().where("scope", "=", 0).where("id", "in", ids);
    const before = await entries.where("kind", "=", kinds.folder).execute();
    await bringInLine(connection, before, sources.map(entryOfFolder));
  }
}

const foldersAtOnce = 100;

/**
 * Adds the file that this upload's transaction has created. It costs less than `indexFiles`, since nothing is looked
 * up, and SQLite settles the entry later.
 */
export async function indexNewFile(connection: Connection, source: VersionSource): Promise<void> {
  await insertEntry(connection, entryOfVersion(source), true);
}

async function bringInLine(
  connection: Connection,
  before: readonly StoredRow[],
  entries: readonly IndexEntry[],
): Promise<void> {
  const left = new Map(before.map((row) => [identityOf(row), row]));
  const added: IndexEntry[] = [];
  for (const entry of entries) {
    const key = identityOf(entry.row);
    const row = left.get(key);
    left.delete(key);
    if (row === undefined) added.push(entry);
    else await changeEntry(connection, row, entry);
  }
  for (const row of left.values()) await deleteEntry(connection, row);
  for (const entry of added) await insertEntry(connection, entry, false);
}

function identityOf({ scope, id }: IndexRow): string {
  return `${scope} ${id}`;
}

const entryOfFile = prepared((connection, by: { readonly fileId: string }) =>
  connection.selectFrom("catalogue").selectAll().where("scope", "=", 0).where("id", "=", by.fileId),
);

const entriesOfOldVersions = prepared((connection, by: { readonly fileId: string }) =>
  connection
    .selectFrom("catalogue")
    .selectAll()
    .where("file_id", "=", by.fileId)
    .where(({ eb, lit }) => eb("scope", "=", lit(1))),
);
