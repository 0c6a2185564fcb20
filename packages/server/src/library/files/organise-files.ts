import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { type StorageUse, storageExceeded, storageLimitOf } from "../../accounts/storage-limit.ts";
import type { Config } from "../../config/config.ts";
import type { Connection } from "../../database/database.ts";
import { holdActiveAccount, lockAccount } from "../../database/repositories/accounts.ts";
import { findFileByName } from "../../database/repositories/files.ts";
import { holdFolder } from "../../database/repositories/folders.ts";
import type { EventContext } from "../../events/event-context.ts";
import { shortened } from "../../text/shortened.ts";
import { assertStorage } from "../content/storage-room.ts";
import type { LibraryDeps } from "../deps.ts";
import { joinPath } from "../names.ts";
import { maxVersions } from "../versions/add-version.ts";
import type { StartAgain } from "../versions/enter-version.ts";
import { copyLockedFile, moveLockedFile, versionsToCopy } from "./copy-file.ts";
import { type FilePath, findFileAt, lockPlaces } from "./lock-places.ts";

export interface OrganiseDeps {
  readonly config: Pick<Config, "limits">;
  readonly database: Pick<LibraryDeps["database"], "run">;
}

export interface CopyRequest {
  readonly from: FilePath;
  readonly folder: string;
  readonly includeVersions: boolean;
}

/** The endpoints that are told of a change, and its time in Unix milliseconds. */
export interface ChangeContext {
  readonly events: EventContext | undefined;
  readonly now: number;
}

/**
 * Copies a file into a folder.
 * @throws SluiceError SOURCE_FILE_MISSING, TOO_MANY_VERSIONS_TOGETHER, STORAGE_LIMIT_EXCEEDED, ACCOUNT_DISABLED,
 *   SERVER_BUSY; nothing is copied then
 */
export async function copyFile(
  { config, database }: OrganiseDeps,
  principal: Principal,
  { from, folder, includeVersions }: CopyRequest,
  change: ChangeContext,
): Promise<void> {
  const { accountId } = principal;
  const isLimited = storageLimitOf(principal, config) !== undefined;
  const storageLimit = isLimited ? config.limits.storageBytes : undefined;
  const input = { accountId, from, folder, includeVersions, storageLimit, ...change };
  const result = await untilDone(() => database.run(copyFileTo, input));
  switch (result.outcome) {
    case "done":
      return;
    case "storage limit":
      throw storageExceeded(result);
    case "version limit":
      throw new SluiceError("TOO_MANY_VERSIONS_TOGETHER", { limit: maxVersions });
    default:
      throw refusalOf(result.outcome, () => sourceMissing(from));
  }
}

/**
 * Moves a file into a folder.
 * @throws SluiceError SOURCE_FILE_MISSING, TOO_MANY_VERSIONS_TOGETHER, ACCOUNT_DISABLED, SERVER_BUSY; nothing is moved
 *   then
 */
export async function moveFile(
  { database }: Pick<OrganiseDeps, "database">,
  { accountId }: Principal,
  { from, folder }: Omit<CopyRequest, "includeVersions">,
  change: ChangeContext,
): Promise<void> {
  const { outcome } = await untilDone(() => database.run(moveFileTo, { accountId, from, folder, ...change }));
  if (outcome === "done") return;
  if (outcome === "version limit") throw new SluiceError("TOO_MANY_VERSIONS_TOGETHER", { limit: maxVersions });
  throw refusalOf(outcome, () => sourceMissing(from));
}

/** The error for a change of a file that could not be made. */
export function refusalOf(outcome: "no file" | "account disabled", missing: () => SluiceError): SluiceError {
  return outcome === "no file" ? missing() : new SluiceError("ACCOUNT_DISABLED");
}

/** The path of a file for a message. A client may send any text as a path. */
export function shownPath({ folder, name }: FilePath): string {
  return shortened(joinPath(folder, name), 1100);
}

function sourceMissing(from: FilePath): SluiceError {
  return new SluiceError("SOURCE_FILE_MISSING", { path: shownPath(from) });
}

/** A change starts again so often where others change the same files. */
const maxAttempts = 12;

/**
 * Runs a script until no other transaction has changed its files between its look and its locks.
 * @throws SluiceError SERVER_BUSY; nothing is changed then
 */
export async function untilDone<Outcome extends { readonly outcome: string }>(
  attempt: () => Promise<Outcome | StartAgain>,
): Promise<Exclude<Outcome, StartAgain>> {
  for (let count = 0; count < maxAttempts; count++) {
    const result = await attempt();
    if (result.outcome !== "start again") return result as Exclude<Outcome, StartAgain>;
    // Those that met once would meet again.
    await sleep(Math.min(2 ** count, 100) * Math.random());
  }
  throw new SluiceError("SERVER_BUSY", {}, { cause: new Error("others changed the same files again and again") });
}

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
  return {
    outcome: "done",
    fileId: await copyLockedFile(connection, { source, destination, place, versions, events, now }),
  };
}

/** Moves a file into a folder under its name. Where the folder has such a file, that file gets the versions. */
export async function moveFileTo(connection: Connection, input: FileToMove): Promise<MoveOutcome> {
  const { accountId, from, folder, events, now } = input;
  const found = await findForChange(connection, input);
  if ("outcome" in found) return found;
  const place = { folderId: await holdFolder(connection, accountId, folder, now), name: from.name };
  const { source, destination } = await lockPlaces(connection, found, place);
  return { outcome: "done", fileId: await moveLockedFile(connection, { source, destination, place, events, now }) };
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
  return { outcome: "done", fileId: await moveLockedFile(connection, { source, destination, place, events, now }) };
}

/** Finds the file before anything is created or locked, for a request that was let in while its account was active. */
async function findForChange(connection: Connection, { accountId, from }: Change) {
  if (!(await holdActiveAccount(connection, accountId))) return { outcome: "account disabled" } as const;
  return (await findFileAt(connection, accountId, from)) ?? ({ outcome: "no file" } as const);
}
