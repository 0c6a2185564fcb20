import { noProgress } from "../observability/progress.ts";
import { secondsInLedger } from "../upload/ledger/token-transactions.ts";
import { expireV1Tokens } from "./expire-v1-tokens.ts";
import { inBatches } from "./in-batches.ts";
import type { MaintenanceNeeds } from "./needs.ts";

/** Deletes the records of tokens, of either kind, that could no longer be accepted. @returns how many there were */
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
