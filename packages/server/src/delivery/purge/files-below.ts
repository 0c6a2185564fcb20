import { setImmediate } from "node:timers/promises";
import type { Connection } from "../../database/database.ts";
import { findFolderId } from "../../database/repositories/folders.ts";
import { pageOfFiles, pageOfFolders } from "../../database/repositories/purges.ts";

interface Below {
  readonly accountId: string;
  /** The beginning of the files' paths, with a leading slash. */
  readonly prefix: string;
}

const pageSize = 200;

/**
 * Lists the ids of all files whose path begins with the prefix, a page or two at a time. Every query follows an index,
 * however many files there are, because SQLite blocks the whole thread for the time of a query.
 * @throws the signal's reason
 */
export async function* filesBelow(
  connection: Connection,
  below: Below,
  signal: AbortSignal,
  limit = pageSize,
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

/** The folders that may hold such files, each with the beginning of the files' names there. */
async function* foldersBelow(connection: Connection, { accountId, prefix }: Below, limit: number) {
  const slash = prefix.lastIndexOf("/");
  const folderId = await findFolderId(connection, accountId, prefix.slice(0, Math.max(slash, 1)));
  if (folderId !== undefined) yield { folderId, prefix: prefix.slice(slash + 1) };
  for (let after: string | undefined; ; ) {
    const folders = await pageOfFolders(connection, { accountId, prefix, after, limit });
    for (const { id } of folders) yield { folderId: id, prefix: "" };
    if (folders.length < limit) return;
    after = folders.at(-1)?.path;
    // SQLite's reads are synchronous, and many folders in a row may be empty. This lets other work have its turn.
    await setImmediate();
  }
}
