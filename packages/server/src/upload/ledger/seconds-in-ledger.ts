import type { Limits } from "../../config/limits.ts";

const daySeconds = 24 * 60 * 60;

/** For how long a token is in the ledger after its end: one presented just before may be on its way for the longest request. */
export function secondsInLedger({ requestMs }: Pick<Limits, "requestMs">): number {
  return Math.ceil(requestMs / 1000) + daySeconds;
}
