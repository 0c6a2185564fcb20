import type { StorageUse } from "../../accounts/storage-limit.ts";
import type { Connection } from "../../database/database.ts";
import { holdActiveAccount, lockAccount } from "../../database/repositories/accounts.ts";
import { findFileByName } from "../../database/repositories/files.ts";
import { holdFolder } from "../../database/repositories/folders.ts";
import type { EventContext } from "../../events/event-context.ts";
import { assertStorage } from "../content/storage-room.ts";
import type { StartAgain } from "../versions/enter-version.ts";
import { copyFile, moveFile, versionsToCopy } from "./copy-file.ts";
import { type FilePath, findFileAt, lockPlaces } from "./lock-places.ts";

/** A change of a file that is named by its path. */
interface Change {
  readonly accountId: string;
  readonly from: FilePath;
  /** The endpoints that are told of the change. */
  readonly events?: EventContext | undefined;
  readonly now: number;
}

export interface FileToCopy extends Change {
  /** The path of the folder that gets the copy. It is created if it is missing. */
  readonly folder: string;
  /** Whether all versions are copied, and not the current one alone. */
  readonly includeVersions: boolean;
  /** The server's storage limit, for an account without a limit of its own; absent where storage isn't limited. */
  readonly storageLimit?: number | undefined;
}

export interface FileToMove extends Change {
  /** The path of the folder that gets the file. It is created if it is missing. */
  readonly folder: string;
}

export interface FileToRename extends Change {
  readonly newName: string;
}

type Refused = { readonly outcome: "no file" | "account disabled" };

export type CopyOutcome =
  | { readonly outcome: "done"; readonly fileId: string }
  | { readonly outcome: "version limit" }
  | ({ readonly outcome: "storage limit" } & StorageUse)
  | Refused
  | StartAgain;

export type MoveOutcome =
  | { readonly outcome: "done"; readonly fileId: string }
  | { readonly outcome: "version limit" }
  | Refused
  | StartAgain;

export type RenameOutcome =
  | { readonly outcome: "done"; readonly fileId: string }
  | { readonly outcome: "name taken" }
  | Refused
  | StartAgain;

/** Copies a file into a folder under its name. Where the folder has such a file, that file gets the versions. */
export async function copyFileTo(connection: Connection, input: FileToCopy): Promise<CopyOutcome> {
  const { accountId, from, folder, includeVersions, storageLimit, events, now } = input;
  // The account's lock is the first of all. What is to be stored is known only under later ones.
  if (storageLimit !== undefined) await lockAccount(connection, { id: accountId });
  const found = await findForChange(connection, input);
  if ("outcome" in found) return found;
  const place = { folderId: await holdFolder(connection, accountId, folder, now), name: from.name };
  const { source, destination } = await lockPlaces(connection, found, place);
  const versions = await versionsToCopy(connection, source, includeVersions);
  if (storageLimit !== undefined) {
    const size = versions.reduce((sum, version) => sum + version.size, 0);
    await assertStorage(connection, accountId, { size, standard: storageLimit, now });
  }
  return { outcome: "done", fileId: await copyFile(connection, { source, destination, place, versions, events, now }) };
}

/** Moves a file into a folder under its name. Where the folder has such a file, that file gets the versions. */
export async function moveFileTo(connection: Connection, input: FileToMove): Promise<MoveOutcome> {
  const { accountId, from, folder, events, now } = input;
  const found = await findForChange(connection, input);
  if ("outcome" in found) return found;
  const place = { folderId: await holdFolder(connection, accountId, folder, now), name: from.name };
  const { source, destination } = await lockPlaces(connection, found, place);
  return { outcome: "done", fileId: await moveFile(connection, { source, destination, place, events, now }) };
}

/** Gives a file another name in its folder. A file that has the name already is left alone. */
export async function renameFileTo(connection: Connection, input: FileToRename): Promise<RenameOutcome> {
  const { newName, events, now } = input;
  const found = await findForChange(connection, input);
  if ("outcome" in found) return found;
  const place = { folderId: found.folder_id, name: newName };
  if ((await findFileByName(connection, place.folderId, newName)) !== undefined) return { outcome: "name taken" };
  const { source, destination } = await lockPlaces(connection, found, place);
  if (destination !== undefined) return { outcome: "name taken" };
  return { outcome: "done", fileId: await moveFile(connection, { source, destination, place, events, now }) };
}

/** Finds the file before anything is created or locked, for a request that was let in while its account was active. */
async function findForChange(connection: Connection, { accountId, from }: Change) {
  if (!(await holdActiveAccount(connection, accountId))) return { outcome: "account disabled" } as const;
  return (await findFileAt(connection, accountId, from)) ?? ({ outcome: "no file" } as const);
}
