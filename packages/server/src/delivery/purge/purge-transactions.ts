import type { Connection } from "../../database/database.ts";
import { completePurge, forgetPurges, insertPurge, purgeVersions } from "../../database/repositories/purges.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { purgeFilesKind } from "../../library/purges/job-kinds.ts";

/** The time for which a client can ask for the status of a purge. */
const keepMs = 90 * 24 * 3600 * 1000;

export interface NewPurge {
  readonly id: string;
  readonly accountId: string;
  readonly now: number;
  /** Either one file, undefined where it doesn't exist, or the beginning of the paths of many files. */
  readonly of: { readonly fileId: string | undefined } | { readonly prefix: string };
}

/** A single file is purged immediately; many files are purged by a job. */
export async function requestPurgeTransaction(
  connection: Connection,
  { id, accountId, now, of }: NewPurge,
): Promise<void> {
  const prefix = "prefix" in of ? of.prefix : null;
  const row = { id, account_id: accountId, path_prefix: prefix, created_at: now };
  if ("fileId" in of && of.fileId !== undefined) await purgeVersions(connection, [of.fileId]);
  await insertPurge(connection, { ...row, completed_at: prefix === null ? now : null });
  await forgetPurges(connection, accountId, now - keepMs);
  if (prefix !== null) await enqueueJob(connection, purgeFilesKind, { purgeId: id });
}

export async function purgeFiles(
  connection: Connection,
  { fileIds }: { readonly fileIds: readonly string[] },
): Promise<void> {
  await purgeVersions(connection, fileIds);
}

export async function endPurge(
  connection: Connection,
  { id, now }: { readonly id: string; readonly now: number },
): Promise<void> {
  await completePurge(connection, id, now);
}
