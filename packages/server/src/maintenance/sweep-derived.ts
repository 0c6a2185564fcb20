import { earlierClock } from "../database/dialect.ts";
import type { Services } from "../services.ts";

/**
 * Removes what nodes have shared of what they made so long ago that it is time to see whether anybody still asks for it.
 * @returns how many files that were
 */
export async function sweepDerived(
  { blobs, config, database, now }: Pick<Services, "blobs" | "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  if (blobs.shared === undefined) return 0;
  const time = await earlierClock(database.reader, now());
  return blobs.shared.removeBefore(new Date(time - config.limits.derivedSharedMs), signal);
}
