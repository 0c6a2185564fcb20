import type { RenditionFolder } from "./rendition-folder.ts";

export interface SweptFolder {
  /** The number of unfinished files of dead processes that were removed. */
  readonly unfinished: number;
  readonly removed: number;
  /** The disk space that the remaining files take. */
  readonly bytes: number;
}

/** A sweep frees space down to this part of the budget, so that the next sweep isn't due at once. */
const lowWater = 0.9;

/**
 * Removes the least recently used files until the folder is within its budget again, and the unfinished files of dead
 * processes. One process at a time sweeps for all processes that share the folder. The folder is read twice instead of
 * being kept in memory, because it may hold a million files.
 * @returns undefined when another process is sweeping
 */
export async function sweepFolder(
  folder: RenditionFolder,
  budgetBytes: number,
  signal: AbortSignal,
): Promise<SweptFolder | undefined> {
  const lock = await folder.tryLock();
  if (lock === undefined) return undefined;
  try {
    const unfinished = await folder.removeUnfinished();
    const bySecond = new Map<number, number>();
    let bytes = 0;
    for await (const entry of folder.list(signal)) {
      bytes += entry.bytes;
      const second = secondOf(entry.usedAt);
      bySecond.set(second, (bySecond.get(second) ?? 0) + entry.bytes);
    }
    if (bytes <= budgetBytes) return { unfinished, removed: 0, bytes };
    const wanted = bytes - budgetBytes * lowWater;
    const until = oldest(bySecond, wanted);
    let removed = 0;
    let freed = 0;
    for await (const { key, bytes: size, usedAt } of folder.list(signal)) {
      if (secondOf(usedAt) > until || freed >= wanted) continue;
      await folder.remove(key);
      removed += 1;
      freed += size;
    }
    return { unfinished, removed, bytes: bytes - freed };
  } finally {
    lock.release();
  }
}

function secondOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** The second up to which the oldest entries add up to the wanted number of bytes. */
function oldest(bySecond: ReadonlyMap<number, number>, wanted: number): number {
  let sum = 0;
  for (const [second, bytes] of [...bySecond].sort(([one], [other]) => one - other)) {
    sum += bytes;
    if (sum >= wanted) return second;
  }
  return Number.POSITIVE_INFINITY;
}
