import type { Limits } from "../config/limits.ts";
import { noProgress } from "../observability/progress.ts";
import { expireV1Tokens } from "./expire-v1-tokens.ts";
import { inBatches } from "./in-batches.ts";
import type { MaintenanceNeeds } from "./needs.ts";

const day = 24 * 60 * 60;

/** For how long a token is in the ledger after its end: one presented just before may be on its way for the longest request. */
export function secondsInLedger({ requestMs }: Pick<Limits, "requestMs">): number {
  return Math.ceil(requestMs / 1000) + day;
}

/** Forgets the tokens, of either kind, that could no longer pass. @returns how many there were */
export async function expireTokens(
  services: Pick<MaintenanceNeeds, "config" | "database" | "now">,
  signal: AbortSignal,
  progress = noProgress,
): Promise<number> {
  const { config, database, now } = services;
  const keepSeconds = secondsInLedger(config.limits);
  await progress.begin("forgetting tokens that have expired", "tokens");
  const expired = await inBatches(
    signal,
    (limit) => database.run("pruneTokens", { now: Math.floor(now() / 1000), keepSeconds, limit }),
    (count) => progress.advance(count),
  );
  return expired + (await expireV1Tokens(services, signal));
}
