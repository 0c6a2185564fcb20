import type { Connection } from "../../database/database.ts";
import { lockStorageParts } from "../../database/repositories/account-storage.ts";
import { countTrashedVersions, deleteTrashedFiles, lockTrashedFiles } from "../../database/repositories/trash.ts";
import type { EventContext } from "../../events/event-context.ts";
import { recordEvents } from "../../events/record-event.ts";
import { joinPath } from "../names/folder.ts";

/** The largest number of files in the trash that one transaction looks at. */
export const trashedFilesPerStep = 200;
/** The number of versions with which a transaction takes no further files. */
const versionsPerStep = 400;

export interface TrashedFilesToDelete {
  readonly accountId: string;
  readonly fileIds: readonly string[];
  readonly events: EventContext | undefined;
  readonly now: number;
}

/**
 * Deletes files in the trash for good, each as one event, until the transaction has deleted enough. A file that is not
 * in the trash any more counts as deleted.
 * @returns the files that are left to another transaction
 */
export async function deleteTrashed(
  connection: Connection,
  { accountId, fileIds, events, now }: TrashedFilesToDelete,
): Promise<{ readonly deleted: number; readonly left: readonly string[] }> {
  const chosen = await chooseFiles(connection, fileIds);
  const files = await lockTrashedFiles(connection, accountId, chosen);
  const ids = files.map(({ id }) => id);
  await lockStorageParts(connection, accountId, ids);
  await deleteTrashedFiles(connection, ids);
  const deleted = files.map(({ id: fileId, folder_path: folder, name }) => {
    return { type: "sluice.trash.deleted", data: () => ({ fileId, filePath: joinPath(folder, name) }) } as const;
  });
  await recordEvents(connection, events, deleted, now);
  return { deleted: ids.length, left: fileIds.slice(chosen.length) };
}

async function chooseFiles(connection: Connection, fileIds: readonly string[]): Promise<string[]> {
  const candidates = fileIds.slice(0, trashedFilesPerStep);
  const counts = await countTrashedVersions(connection, candidates);
  let versions = 0;
  const end = candidates.findIndex((id) => {
    const isFull = versions >= versionsPerStep;
    versions += counts.get(id) ?? 0;
    return isFull;
  });
  return end === -1 ? candidates : candidates.slice(0, end);
}
