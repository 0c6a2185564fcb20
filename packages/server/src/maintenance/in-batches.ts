import { earlierClock } from "../database/clock.ts";
import type { MaintenanceDeps } from "./deps.ts";

/**
 * Whatever has been unneeded since before this time may be removed; Unix milliseconds. An object's time is the store's
 * and a row's time is its node's, and this process may be ahead of both, so the earlier of its own clock and the
 * database's counts. A commit refuses an object that has waited for its row longer than half the grace period, by the
 * one clock of the node that stored it. So the other half is how far a sweep may be ahead of the store without taking
 * an object that is still to be committed.
 */
export async function graceBegan({
  config,
  database,
  now,
}: Pick<MaintenanceDeps, "config" | "database" | "now">): Promise<number> {
  return (await earlierClock(database.reader, now())) - config.limits.sweepGraceMs;
}

const batchSize = 5000;

/**
 * Deletes until nothing is left, some rows at a time, because others wait for the database during a deletion.
 * @param deleteSome deletes about so many, and returns how many it deleted
 * @param deletedSome called after each batch
 * @returns how many there were
 */
export async function inBatches(
  signal: AbortSignal,
  deleteSome: (limit: number) => Promise<number>,
  deletedSome: (count: number) => void = () => undefined,
): Promise<number> {
  for (let deleted = 0; ; ) {
    signal.throwIfAborted();
    const count = await deleteSome(batchSize);
    if (count === 0) return deleted;
    deleted += count;
    deletedSome(count);
  }
}
