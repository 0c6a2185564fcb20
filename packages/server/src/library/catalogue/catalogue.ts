import type { Connection } from "../../database/database.ts";

/*
 * The catalogue is what lists and searches read. Each script that changes files or folders says here which ones it has
 * changed, created or deleted, in the transaction of the change and after it.
 */

/** Brings the catalogue in line with the files as they are now in this transaction, deleted ones included. */
export async function catalogueFiles(_connection: Connection, _fileIds: readonly string[]): Promise<void> {
  // Lists and searches still read the tables of files and versions themselves.
}

/** Brings the catalogue in line with the folders as they are now in this transaction, deleted ones included. */
export async function catalogueFolders(_connection: Connection, _folderIds: readonly string[]): Promise<void> {
  // Lists don't show folders yet.
}
