import type { BlobPosition, BlobRange } from "../database/repositories/blobs.ts";
import type { MaintenanceNeeds } from "./needs.ts";
import { releaseBlobs } from "./sweep-transactions.ts";

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
  { blobs, database, now }: Pick<MaintenanceNeeds, "blobs" | "database" | "now">,
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
