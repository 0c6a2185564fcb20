import type { Limits } from "../../config/limits.ts";

const daySeconds = 24 * 60 * 60;

/**
 * Returns how long a token stays in the ledger after it has expired. A token that was presented just before it expired
 * may be under way for as long as the longest request takes.
 */
export function secondsInLedger({ requestMs }: Pick<Limits, "requestMs">): number {
  return Math.ceil(requestMs / 1000) + daySeconds;
}
