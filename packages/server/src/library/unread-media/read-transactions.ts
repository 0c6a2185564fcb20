import type { Connection } from "../../database/database.ts";
import { locking } from "../../database/locks.ts";
import { selectToLock } from "../../database/repositories/files.ts";
import {
  filesOfUnreadContent,
  type ReadColumns,
  tellFilesOfContent,
} from "../../database/repositories/unread-media.ts";
import { indexFiles } from "../../database/search-index/write-index.ts";

export interface ReadContent {
  readonly blobId: string;
  readonly kind: "video" | "audio";
  readonly columns: ReadColumns;
}

/** A transaction is as long as that many files need. */
const filesAtOnce = 50;

/**
 * Records what was read of a content, in some of the files that have it. A file is as old as before: it says nothing new
 * to those who have its bytes. A version that is in the trash gets its facts once it is restored.
 * @returns whether there may be more files
 */
export async function recordReadContent(
  connection: Connection,
  { columns, ...content }: ReadContent,
): Promise<{ readonly more: boolean }> {
  const fileIds = await filesOfUnreadContent(connection, { ...content, limit: filesAtOnce });
  if (fileIds.length === 0) return { more: false };
  await locking(connection, selectToLock(connection).where("id", "in", fileIds).orderBy("id")).execute();
  await tellFilesOfContent(connection, fileIds, content, columns);
  await indexFiles(connection, fileIds);
  return { more: fileIds.length === filesAtOnce };
}
