import { type Connection, Rollback } from "../../database/database.ts";
import { type FileRow, findFileByName, type LockedFile, lockFiles } from "../../database/repositories/files.ts";
import { findFolderId } from "../../database/repositories/folders.ts";
import { startAgain } from "../versions/enter-version.ts";
import type { FilePlace } from "./copy-file.ts";

/** A file's path in its two parts. */
export interface FilePath {
  /** `/` or `/a/b`. */
  readonly folder: string;
  readonly name: string;
}

/** Finds the file at a path. Its row is not locked. */
export async function findFileAt(
  connection: Connection,
  accountId: string,
  { folder, name }: FilePath,
): Promise<FileRow | undefined> {
  const folderId = await findFolderId(connection, accountId, folder);
  return folderId === undefined ? undefined : findFileByName(connection, folderId, name);
}

export interface LockedPlaces {
  readonly source: LockedFile;
  /** The file that has the place; undefined where the place is free. */
  readonly destination: LockedFile | undefined;
}

/**
 * Locks a file that was found, and the file that has the place where it is to go, in the order of their ids. Where one
 * of them has gone elsewhere before it was locked, the transaction is rolled back with `startAgain`: to lock further
 * files now would be out of order.
 */
export async function lockPlaces(connection: Connection, found: FileRow, place: FilePlace): Promise<LockedPlaces> {
  const there = await findFileByName(connection, place.folderId, place.name);
  const ids = there === undefined ? [found.id] : [found.id, there.id];
  const locked = await lockFiles(connection, found.account_id, ids);
  const stillAt = (row: FileRow) =>
    locked.find(({ id, folder_id, name }) => id === row.id && isAt(row, folder_id, name));
  const source = stillAt(found);
  const destination = there === undefined ? undefined : stillAt(there);
  if (source === undefined || (there !== undefined && destination === undefined)) throw new Rollback(startAgain);
  return { source, destination };
}

function isAt(row: FileRow, folderId: string, name: string): boolean {
  return row.folder_id === folderId && row.name === name;
}
