import { findStorageKeys } from "../database/repositories/blobs.ts";
import type { Services } from "../services.ts";

const batch = 500;
const day = 24 * 60 * 60;

export interface SweepReport {
  /** Contents that no version refers to any more. */
  readonly releasedBlobs: number;
  /** Objects in the store that no row names: what a crash between blob and commit left. */
  readonly orphanedObjects: number;
  /** What uploads that broke off left in the store beside the objects. */
  readonly unfinishedUploads: number;
  readonly expiredTokens: number;
  readonly spoolFiles: number;
}

type SweepServices = Pick<Services, "blobs" | "config" | "database" | "now" | "spool">;

/**
 * Removes what nothing needs any more: blobs without a version, objects without a blob and unfinished ones once they are
 * older than the grace period (design decision 1), entries of tokens that could no longer pass, and spool files of dead
 * processes.
 */
export async function sweep(services: SweepServices, signal: AbortSignal): Promise<SweepReport> {
  const { blobs, config, database, now, spool } = services;
  const releasedBlobs = await releaseUnreferenced(services, signal);
  const orphanedObjects = await deleteOrphans(services, signal);
  const unfinishedUploads = await blobs.removeUnfinished(new Date(now() - config.limits.sweepGraceMs), signal);
  // A token presented just before its end may still be on its way for the longest possible request.
  const keepSeconds = Math.ceil(config.limits.requestMs / 1000) + day;
  const expiredTokens = await database.run("pruneTokens", { now: Math.floor(now() / 1000), keepSeconds });
  const { files } = await spool.sweep(signal);
  return { releasedBlobs, orphanedObjects, unfinishedUploads, expiredTokens, spoolFiles: files };
}

async function releaseUnreferenced(services: SweepServices, signal: AbortSignal): Promise<number> {
  const { blobs, config, database, now } = services;
  const untouchedSince = now() - config.limits.sweepGraceMs;
  for (let released = 0; ; ) {
    signal.throwIfAborted();
    const keys = await database.run("releaseBlobs", { untouchedSince, limit: batch });
    for (const key of keys) await blobs.delete(key, signal);
    released += keys.length;
    if (keys.length < batch) return released;
  }
}

async function deleteOrphans(services: SweepServices, signal: AbortSignal): Promise<number> {
  const { blobs, config, database, now } = services;
  const before = now() - config.limits.sweepGraceMs;
  let deleted = 0;
  let old: string[] = [];
  const flush = async (): Promise<void> => {
    const named = await findStorageKeys(database.reader, old);
    for (const key of old) {
      if (named.has(key)) continue;
      await blobs.delete(key, signal);
      deleted++;
    }
    old = [];
  };
  for await (const { key, modifiedAt } of blobs.list(signal)) {
    if (modifiedAt.getTime() < before) old.push(key);
    if (old.length >= batch) await flush();
  }
  await flush();
  return deleted;
}
