import { SluiceError } from "@sluice/protocol";
import type { PurgeStatus } from "@sluice/protocol/schemas";
import type { Principal } from "../../accounts/authenticate.ts";
import { findPurge } from "../../database/repositories/purges.ts";
import { findEndpoints } from "../../endpoints/url-endpoints/url-endpoints.ts";
import { findProgress } from "../../jobs/progress/find-progress.ts";
import type { JobProgress, ReportProgress } from "../../jobs/progress/report-progress.ts";
import { purgeFilesKind } from "../../library/purges/job-kinds.ts";
import { isId, newId } from "../../text/id.ts";
import { findAsked } from "../find/find-file.ts";
import { filesBelow } from "./files-below.ts";
import type { PurgeNeeds } from "./needs.ts";
import { readPurgeUrl } from "./purge-url.ts";

/**
 * Purges the derived files of one or many files, so that they are rendered anew. A purge takes effect on every node at
 * once: the number of a version's purges is read together with the version and is part of every cache key. The purge of
 * a file's URL covers all derived files of that file, whichever transformation the URL names.
 * @returns the request's id
 * @throws SluiceError PURGE_URL_INVALID
 */
export async function requestPurge(
  { database, now }: PurgeNeeds,
  { accountId, imagekitId }: Principal,
  url: unknown,
): Promise<string> {
  const scope = readPurgeUrl(url, imagekitId, await findEndpoints(database.reader, accountId));
  const of =
    scope.kind === "below"
      ? { prefix: scope.prefix }
      : { fileId: (await findAsked(database.reader, accountId, scope.url)).asked?.file_id };
  const id = newId(now());
  await database.run("requestPurge", { id, accountId, of, now: now() });
  return id;
}

/**
 * Says whether the purge has ended, and how far it is, if it has told that.
 * @throws SluiceError PURGE_NOT_FOUND
 */
export async function purgeStatus(
  { database }: Pick<PurgeNeeds, "database">,
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
  { database, now }: PurgeNeeds,
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
    await database.run("purgeFiles", { fileIds });
    purged += fileIds.length;
    report(purge.account_id, progressOf(purged, total));
  }
  await database.run("endPurge", { id: purgeId, now: now() });
}

/** Files that came while the purge was under way are purged as well. */
function progressOf(purged: number, total: number): JobProgress {
  const shown = Math.min(purged, total);
  const message = `${shown.toLocaleString("en")} of ${total.toLocaleString("en")} files are purged.`;
  return { fraction: total === 0 ? 0 : shown / total, message };
}
