import { findStorageKeys } from "../database/repositories/blobs.ts";
import type { Services } from "../services.ts";
import { graceBegan } from "./grace-period.ts";

const batch = 500;

export interface SweptBlobs {
  /** Contents that no version refers to any more. */
  readonly releasedBlobs: number;
  /** Objects in the store that no row names: what a crash between blob and commit left. */
  readonly orphanedObjects: number;
}

export type SweepServices = Pick<Services, "blobs" | "config" | "database" | "now">;

/** Removes blobs without a version and objects without a blob, once older than the grace period (design decision 1). */
export async function sweepBlobs(services: SweepServices, signal: AbortSignal): Promise<SweptBlobs> {
  const before = await graceBegan(services);
  const releasedBlobs = await releaseUnreferenced(services, before, signal);
  const orphanedObjects = await deleteOrphans(services, before, signal);
  return { releasedBlobs, orphanedObjects };
}

async function releaseUnreferenced(
  { blobs, database }: SweepServices,
  untouchedSince: number,
  signal: AbortSignal,
): Promise<number> {
  for (let released = 0; ; ) {
    signal.throwIfAborted();
    const keys = await database.run("releaseBlobs", { untouchedSince, limit: batch });
    for (const key of keys) await blobs.delete(key, signal);
    released += keys.length;
    if (keys.length < batch) return released;
  }
}

async function deleteOrphans({ blobs, database }: SweepServices, before: number, signal: AbortSignal): Promise<number> {
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
