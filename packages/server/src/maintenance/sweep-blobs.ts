import { hasAccounts } from "../database/repositories/accounts.ts";
import {
  type BlobPosition,
  type BlobRange,
  countUnreferencedBlobs,
  findStorageKeys,
} from "../database/repositories/blobs.ts";
import { countRows } from "../database/repositories/consistency.ts";
import { findKeysOfSessions } from "../database/repositories/open-sessions.ts";
import { noProgress, type Progress } from "../observability/progress.ts";
import type { MaintenanceDeps } from "./deps.ts";
import { graceBegan } from "./in-batches.ts";
import { releaseBlobs } from "./sweep-transactions.ts";

const batchSize = 500;

export interface SweptBlobs {
  /** Contents to which no version refers any more, and their bytes. */
  readonly releasedBlobs: number;
  readonly releasedBytes: number;
  /** Objects in the store that no row names: a crash between blob and commit left them. */
  readonly orphanedObjects: number;
}

export type SweepServices = Pick<MaintenanceDeps, "blobs" | "config" | "database" | "now">;

/**
 * Removes blobs without a version and objects without a blob, once older than the grace period
 * (docs/architecture.md decision 1).
 */
export async function sweepBlobs(
  services: SweepServices,
  signal: AbortSignal,
  progress = noProgress,
): Promise<SweptBlobs> {
  const { reader } = services.database;
  const before = await graceBegan(services);
  await progress.begin("removing contents without a file", "contents", () => countUnreferencedBlobs(reader, before));
  const advance = (contents: number) => progress.advance(contents);
  const released = await releaseContents(services, { untouchedSince: before }, signal, advance);
  await progress.begin("looking for objects without a row", "objects", () => countRows(reader, "blobs"));
  const orphanedObjects = await deleteOrphans(services, before, progress, signal);
  return { releasedBlobs: released.contents, releasedBytes: released.bytes, orphanedObjects };
}

async function deleteOrphans(
  { blobs, database }: SweepServices,
  before: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  let deleted = 0;
  let old: string[] = [];
  const flush = async (): Promise<void> => {
    const found = await findOrphans(database, old);
    old = [];
    for (const key of found) {
      await blobs.delete(key, signal);
      deleted++;
    }
  };
  for await (const { key, modifiedAt } of blobs.list(signal)) {
    progress.advance(1);
    if (modifiedAt.getTime() < before) old.push(key);
    if (old.length >= batchSize) await flush();
  }
  await flush();
  return deleted;
}

/** Of objects that are old enough, those that no row names. */
async function findOrphans({ reader }: SweepServices["database"], keys: readonly string[]): Promise<string[]> {
  // A database without accounts may be one that a restore is filling. Its rows and its accounts appear at one moment, after
  // the contents. The accounts come first: where there is one, the rows are there as well.
  if (!(await hasAccounts(reader))) return [];
  // A blob that a resumable upload has completed is older than its row. The sessions come first: what a session has let
  // go of since may have a row by then.
  const unfinished = await findKeysOfSessions(reader, keys);
  const named = await findStorageKeys(reader, keys);
  return keys.filter((key) => !named.has(key) && !unfinished.has(key));
}

const deletionsAtOnce = 8;

export interface ContentsToRelease extends BlobRange {
  /** Only contents that nobody has touched since this time (`BlobsToRelease`). */
  readonly untouchedSince?: number;
  /** The time after which the rest is left to another call. */
  readonly maxMs?: number;
}

export interface ReleasedContents {
  /** The contents that were removed, and their bytes. */
  readonly contents: number;
  readonly bytes: number;
  /** The member is set when nothing may be removed at the moment, because a backup or an erasure holds the contents until this time. */
  readonly heldUntil?: number;
  /** The place where another call goes on; undefined when all contents have been looked at. */
  readonly next?: BlobPosition;
}

/**
 * Removes contents to which no version refers any more: first the rows, under the lock that an upload takes to adopt a
 * content, then the objects (docs/architecture.md decision 1).
 * @param removed is told how many contents have just been removed
 */
export async function releaseContents(
  { blobs, database, now }: Pick<MaintenanceDeps, "blobs" | "database" | "now">,
  { maxMs = Number.POSITIVE_INFINITY, after, ...which }: ContentsToRelease,
  signal: AbortSignal,
  removed: (contents: number) => void = () => undefined,
): Promise<ReleasedContents> {
  const endsAt = performance.now() + maxMs;
  const sums = { contents: 0, bytes: 0 };
  for (let next = after; ; ) {
    signal.throwIfAborted();
    const result = await database.run(releaseBlobs, { ...which, after: next, now: now() });
    if (result.outcome === "held") return { ...sums, heldUntil: result.heldUntil };
    const { deleted } = result;
    for (let start = 0; start < deleted.length; start += deletionsAtOnce) {
      const some = deleted.slice(start, start + deletionsAtOnce);
      // No signal ends this: an object without a row would wait for the next sweep.
      await Promise.all(some.map(({ storage_key: key }) => blobs.delete(key)));
      removed(some.length);
    }
    sums.contents += deleted.length;
    sums.bytes += deleted.reduce((sum, { size }) => sum + size, 0);
    next = result.next;
    if (next === undefined) return sums;
    if (performance.now() >= endsAt) return { ...sums, next };
  }
}
