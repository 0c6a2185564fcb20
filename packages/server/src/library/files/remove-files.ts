import type { Connection } from "../../database/database.ts";
import { lockStorageParts } from "../../database/repositories/account-storage.ts";
import { deleteFiles } from "../../database/repositories/files.ts";
import { latestTrashing, lockTrashedFiles, moveIntoTrash } from "../../database/repositories/trash.ts";
import { indexFiles } from "../../database/search-index/write-index.ts";
import type { EventContext } from "../../events/event-context.ts";
import { isTold, recordEvents } from "../../events/record-event.ts";
import { trashedFileFacts } from "../trash/trashed-file.ts";

export interface FilesToRemove {
  readonly accountId: string;
  readonly fileIds: readonly string[];
  /** The time for which the files stay in the trash; null if they are deleted for good. */
  readonly trashMs: number | null;
  readonly events: EventContext | undefined;
  readonly now: number;
}

/**
 * Deletes locked files with all their versions, or puts them into the trash. Either way each file is deleted as far as
 * the library is concerned, which is one event. Their blobs are left to the sweep. Runs of extensions on them end when
 * their jobs find nothing any more.
 */
export async function removeFiles(connection: Connection, files: FilesToRemove): Promise<void> {
  const { accountId, fileIds, trashMs, events, now } = files;
  await lockStorageParts(connection, accountId, fileIds);
  if (trashMs === null) await deleteFiles(connection, fileIds);
  else await trashFiles(connection, files, trashMs);
  await indexFiles(connection, fileIds);
  const deleted = fileIds.map((fileId) => ({ type: "file.deleted", data: () => ({ fileId }) }) as const);
  await recordEvents(connection, events, deleted, now);
  if (trashMs !== null) await recordTrashing(connection, files);
}

/**
 * A file is put into the trash after those that are there, even where this node's clock is behind another one's. So a
 * trash is emptied up to a time (`empty-trash.ts`), and no file that comes later is deleted with it.
 */
async function trashFiles(
  connection: Connection,
  { accountId, fileIds, now }: FilesToRemove,
  trashMs: number,
): Promise<void> {
  const trashedAt = Math.max(now, (await latestTrashing(connection, accountId)) + 1);
  await moveIntoTrash(connection, fileIds, { trashedAt, purgeAt: trashedAt + trashMs });
}

async function recordTrashing(
  connection: Connection,
  { accountId, fileIds, events, now }: FilesToRemove,
): Promise<void> {
  if (!isTold(events, "sluice.trash.added")) return;
  const rows = await lockTrashedFiles(connection, accountId, fileIds);
  const added = rows.map((row) => ({ type: "sluice.trash.added", data: () => trashedFileFacts(row) }) as const);
  await recordEvents(connection, events, added, now);
}
