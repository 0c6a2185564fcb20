import type { Limits } from "../config/limits.ts";
import type { Services } from "../services.ts";

const day = 24 * 60 * 60;
const batch = 5000;

/** For how long a token is in the ledger after its end: one presented just before may be on its way for the longest request. */
export function secondsInLedger({ requestMs }: Pick<Limits, "requestMs">): number {
  return Math.ceil(requestMs / 1000) + day;
}

/** Forgets the tokens that could no longer pass. @returns how many there were */
export async function expireTokens(
  { config, database, now }: Pick<Services, "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const keepSeconds = secondsInLedger(config.limits);
  for (let expired = 0; ; ) {
    signal.throwIfAborted();
    const count = await database.run("pruneTokens", { now: Math.floor(now() / 1000), keepSeconds, limit: batch });
    if (count === 0) return expired;
    expired += count;
  }
}
