import { setImmediate } from "node:timers/promises";
import { SluiceError } from "@sluice/protocol";
import type { PurgeStatus } from "@sluice/protocol/schemas";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection, Database } from "../../database/database.ts";
import { findFolderId } from "../../database/repositories/folders.ts";
import { findPurge, pageOfFiles, pageOfFolders } from "../../database/repositories/purges.ts";
import { findEndpoints } from "../../endpoints/url-endpoints/url-endpoints.ts";
import { findProgress } from "../../jobs/progress/find-progress.ts";
import type { JobProgress, ReportProgress } from "../../jobs/progress/report-progress.ts";
import { purgeFilesKind } from "../../library/purges/job-kinds.ts";
import { isId, newId } from "../../text/id.ts";
import { findAsked } from "../find/find-file.ts";
import { endPurge, purgeFiles, requestPurgeTransaction } from "./purge-transactions.ts";
import { readPurgeUrl } from "./purge-url.ts";

/** The parts that are needed to request purges and to carry them out. */
export interface PurgeDeps {
  readonly database: Pick<Database, "reader" | "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

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

/**
 * Purges the derived files of one or many files, so that they are rendered anew. A purge takes effect on every node at
 * once: the number of a version's purges is read together with the version and is part of every cache key. The purge of
 * a file's URL covers all derived files of that file, whichever transformation the URL names.
 * @returns the request's id
 * @throws SluiceError PURGE_URL_INVALID
 */
export async function requestPurge(
  { database, now }: PurgeDeps,
  { accountId, imagekitId, viewer }: Principal,
  url: unknown,
): Promise<string> {
  const scope = readPurgeUrl(url, imagekitId, await findEndpoints(database.reader, accountId));
  const of =
    scope.kind === "below"
      ? { prefix: scope.prefix }
      : { fileId: (await findAsked(database.reader, viewer, scope.url)).asked?.file_id };
  const id = newId(now());
  await database.run(requestPurgeTransaction, { id, accountId, of, now: now() });
  return id;
}

/**
 * Says whether the purge has ended, and how far it is, if it has told that.
 * @throws SluiceError PURGE_NOT_FOUND
 */
export async function purgeStatus(
  { database }: Pick<PurgeDeps, "database">,
  accountId: string,
  requestId: string,
): Promise<PurgeStatus> {
  const purge = isId(requestId) ? await findPurge(database.reader, requestId) : undefined;
  if (purge?.account_id !== accountId) throw new SluiceError("PURGE_NOT_FOUND", {});
  if (purge.completed_at !== null) return { status: "Completed" };
  const progress = await findProgress(database.reader, purgeFilesKind, requestId);
  return { status: "Pending", ...(progress !== undefined && { progress }) };
}

/** The number of files that are counted with one query. */
const countedAtOnce = 1000;

/** Purges the files of a request with a wildcard, some at a time. Purging them twice has the same result as once. */
export async function purgeMany(
  { database, now }: PurgeDeps,
  purgeId: string,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<void> {
  const purge = await findPurge(database.reader, purgeId);
  if (purge === undefined || purge.path_prefix === null || purge.completed_at !== null) return;
  const below = { accountId: purge.account_id, prefix: purge.path_prefix };
  let total = 0;
  for await (const fileIds of filesBelow(database.reader, below, signal, countedAtOnce)) total += fileIds.length;
  let purged = 0;
  for await (const fileIds of filesBelow(database.reader, below, signal)) {
    await database.run(purgeFiles, { fileIds });
    purged += fileIds.length;
    report(purge.account_id, progressOf(purged, total));
  }
  await database.run(endPurge, { id: purgeId, now: now() });
}

/** Files that came while the purge was under way are purged as well. */
function progressOf(purged: number, total: number): JobProgress {
  const shown = Math.min(purged, total);
  const message = `${shown.toLocaleString("en")} of ${total.toLocaleString("en")} files are purged.`;
  return { fraction: total === 0 ? 0 : shown / total, message };
}
