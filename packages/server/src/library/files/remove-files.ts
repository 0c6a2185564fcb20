import type { Connection } from "../../database/database.ts";
import { lockStorageParts } from "../../database/repositories/account-storage.ts";
import { deleteFiles } from "../../database/repositories/files.ts";
import type { EventContext } from "../../events/event-context.ts";
import { recordEvents } from "../../events/record-event.ts";
import { catalogueFiles } from "../catalogue/catalogue.ts";

/**
 * Deletes locked files with all their versions, each as one event. Their blobs are left to the sweep. Runs of extensions
 * on them end when their jobs find nothing any more.
 */
export async function removeFiles(
  connection: Connection,
  {
    accountId,
    fileIds,
    events,
    now,
  }: {
    readonly accountId: string;
    readonly fileIds: readonly string[];
    readonly events: EventContext | undefined;
    readonly now: number;
  },
): Promise<void> {
  await lockStorageParts(connection, accountId, fileIds);
  await deleteFiles(connection, fileIds);
  await catalogueFiles(connection, fileIds);
  const deleted = fileIds.map((fileId) => ({ type: "file.deleted", data: () => ({ fileId }) }) as const);
  await recordEvents(connection, events, deleted, now);
}
