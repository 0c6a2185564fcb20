import type { Connection } from "../../database/database.ts";
import { completePurge, forgetPurges, insertPurge, purgeVersions } from "../../database/repositories/purges.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { purgeFilesKind } from "./job-kinds.ts";

/** For how long it can be asked what became of one. */
const keepMs = 90 * 24 * 3600 * 1000;

export interface NewPurge {
  readonly id: string;
  readonly accountId: string;
  readonly now: number;
  /** The file, undefined where there is none; or how the paths of many begin. */
  readonly of: { readonly fileId: string | undefined } | { readonly prefix: string };
}

/** One file is purged at once, many by a job. */
export async function requestPurge(connection: Connection, { id, accountId, now, of }: NewPurge): Promise<void> {
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
