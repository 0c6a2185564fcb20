import { effectiveLimit } from "../../accounts/storage-limit.ts";
import type { Connection } from "../../database/database.ts";
import { lockStorageParts, storedBytes } from "../../database/repositories/account-storage.ts";
import { findAccount } from "../../database/repositories/accounts.ts";
import {
  countVersionsOf,
  type FileRow,
  findFilesByNames,
  type LockedFile,
  lockFiles,
} from "../../database/repositories/files.ts";
import { receivedBytes } from "../../database/repositories/upload-sessions.ts";
import { type BegunCopy, beginCopy, finishCopy, moveLockedFile, versionsToCopy } from "../files/copy-file.ts";
import { maxVersions } from "../versions/add-version.ts";
import type { StepContext } from "./job-position.ts";

/** A file in a folder of the source, and the folder that it is to be in. */
export interface FileToPlace {
  readonly file: Pick<FileRow, "id" | "folder_id" | "name">;
  readonly targetId: string;
}

export interface PlacedFiles {
  readonly placed: number;
  /** The files that were left alone, since the file of their name would have too many versions. */
  readonly skipped: readonly string[];
  /** Whether the copies would exceed the storage limit. Nothing after the last file that was placed is copied then. */
  readonly full: boolean;
}

interface Placing {
  readonly accountId: string;
  readonly kind: "move" | "copy";
  /** Whether a copy has all versions. */
  readonly allVersions: boolean;
}

/**
 * Moves or copies files of several folders. All files that change are locked before the first one changes
 * (`database/locks.ts`). A file that has gone elsewhere meanwhile is left alone.
 */
export async function placeFiles(
  connection: Connection,
  { accountId, kind, allVersions }: Placing,
  files: readonly FileToPlace[],
  { events, storageLimit, now }: StepContext,
): Promise<PlacedFiles> {
  const there = await findThere(connection, files);
  const ids = [...files.map(({ file }) => file.id), ...there.values()].filter((id) => id !== undefined);
  const locked = new Map((await lockFiles(connection, accountId, ids)).map((row) => [row.id, row]));
  let room =
    kind === "copy" ? await roomOf(connection, accountId, { standard: storageLimit, now }) : Number.POSITIVE_INFINITY;
  const skipped: string[] = [];
  const copies: BegunCopy[] = [];
  let placed = 0;
  let full = false;
  for (const { file, targetId } of files) {
    const place = { folderId: targetId, name: file.name };
    const source = atPlace(locked.get(file.id), { folderId: file.folder_id, name: file.name });
    if (source === undefined) continue;
    const destination = atPlace(locked.get(there.get(keyOf(place)) ?? ""), place);
    const counts = await countVersionsOf(connection, destination === undefined ? [] : [source.id, destination.id]);
    const added = kind === "move" || allVersions ? (counts.get(source.id) ?? 0) : 1;
    if (destination !== undefined && (counts.get(destination.id) ?? 0) + added > maxVersions) {
      skipped.push(file.id);
      continue;
    }
    if (kind === "move") {
      await moveLockedFile(connection, { source, place, destination, events, now });
    } else {
      const versions = await versionsToCopy(connection, source, allVersions);
      room -= versions.reduce((sum, { size }) => sum + size, 0);
      full = room < 0;
      if (full) break;
      copies.push(await beginCopy(connection, { source, place, destination, versions, events, now }));
    }
    placed += 1;
  }
  await lockStorageParts(
    connection,
    accountId,
    copies.map(({ fileId }) => fileId),
  );
  for (const copy of copies) await finishCopy(connection, copy);
  return { placed, skipped, full };
}

async function findThere(connection: Connection, files: readonly FileToPlace[]): Promise<Map<string, string>> {
  const names = Map.groupBy(files, ({ targetId }) => targetId);
  const there = new Map<string, string>();
  for (const [folderId, placed] of names) {
    const found = await findFilesByNames(
      connection,
      folderId,
      placed.map(({ file }) => file.name),
    );
    for (const { id, name } of found) there.set(keyOf({ folderId, name }), id);
  }
  return there;
}

async function roomOf(
  connection: Connection,
  accountId: string,
  { standard, now }: { readonly standard: number; readonly now: number },
): Promise<number> {
  const account = await findAccount(connection, { id: accountId });
  const limit = effectiveLimit(account?.storage_limit ?? null, standard);
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  return limit - (await storedBytes(connection, accountId)) - (await receivedBytes(connection, { accountId, now }));
}

interface FileName {
  readonly folderId: string;
  readonly name: string;
}

function keyOf({ folderId, name }: FileName): string {
  return `${folderId}/${name}`;
}

function atPlace(row: LockedFile | undefined, { folderId, name }: FileName): LockedFile | undefined {
  return row?.folder_id === folderId && row.name === name ? row : undefined;
}
