import { setImmediate } from "node:timers/promises";
import type { Connection } from "../../database/database.ts";
import { findFolderId } from "../../database/repositories/folders.ts";
import { pageOfFiles, pageOfFolders } from "../../database/repositories/purges.ts";

interface Below {
  readonly accountId: string;
  /** How the paths begin, with a slash in front. */
  readonly prefix: string;
}

const page = 200;

/**
 * The ids of all files whose path begins so, a page or two at a time. Each look goes along an index, however many files
 * there are: on SQLite the whole thread waits for it.
 * @throws the signal's reason
 */
export async function* filesBelow(
  connection: Connection,
  below: Below,
  signal: AbortSignal,
  limit = page,
): AsyncGenerator<string[]> {
  let ids: string[] = [];
  for await (const { folderId, prefix } of foldersBelow(connection, below, limit)) {
    for (let after: string | undefined; ; ) {
      signal.throwIfAborted();
      const files = await pageOfFiles(connection, { folderId, prefix, after, limit });
      ids.push(...files.map(({ id }) => id));
      if (ids.length >= limit) {
        yield ids;
        ids = [];
      }
      if (files.length < limit) break;
      after = files.at(-1)?.name;
    }
  }
  if (ids.length > 0) yield ids;
}

/** The folders with such files, and how the files' names begin there. */
async function* foldersBelow(connection: Connection, { accountId, prefix }: Below, limit: number) {
  const slash = prefix.lastIndexOf("/");
  const folderId = await findFolderId(connection, accountId, prefix.slice(0, Math.max(slash, 1)));
  if (folderId !== undefined) yield { folderId, prefix: prefix.slice(slash + 1) };
  for (let after: string | undefined; ; ) {
    const folders = await pageOfFolders(connection, { accountId, prefix, after, limit });
    for (const { id } of folders) yield { folderId: id, prefix: "" };
    if (folders.length < limit) return;
    after = folders.at(-1)?.path;
    // Folders may be empty, and reads from SQLite are done at once: others want their turn.
    await setImmediate();
  }
}
