import { earlierClock } from "../database/clock.ts";
import { listAccountIds } from "../database/repositories/accounts.ts";
import { madeForOneOf } from "../delivery/renditions/kept/rendition-key.ts";
import type { SweptFolder } from "../delivery/renditions/kept/sweep-folder.ts";
import type { MaintenanceDeps } from "./deps.ts";

/**
 * Removes derived files that nodes have shared: those that are so old that it is time to see whether anybody still asks
 * for them, and those that a node shared after their account was erased.
 * @returns how many files were removed
 */
export async function sweepDerived(
  { blobs, config, database, now }: Pick<MaintenanceDeps, "blobs" | "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  if (blobs.sharedFiles === undefined) return 0;
  const time = await earlierClock(database.reader, now());
  const before = time - config.limits.derivedSharedMs;
  const isOwned = madeForOneOf(await listAccountIds(database.reader));
  return blobs.sharedFiles.remove(({ key, modifiedAt }) => modifiedAt.getTime() < before || !isOwned(key), signal);
}

/**
 * Removes derived files from this machine: first those made for accounts that have been erased, then those beyond the
 * budget.
 */
export async function sweepDerivedFolder(
  { database, derived }: Pick<MaintenanceDeps, "database" | "derived">,
  signal: AbortSignal,
): Promise<Pick<SweptFolder, "removed">> {
  const isOwned = madeForOneOf(await listAccountIds(database.reader));
  const dropped = await derived.drop((key) => !isOwned(key), signal);
  const swept = await derived.sweep(signal);
  return { removed: dropped + (swept?.removed ?? 0) };
}
