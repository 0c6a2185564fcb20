import { noProgress } from "../observability/progress.ts";
import { pruneTokens, pruneV1Tokens, secondsInLedger } from "../upload/ledger/token-transactions.ts";
import type { MaintenanceDeps } from "./deps.ts";
import { inBatches } from "./in-batches.ts";

/**
 * The time for which a V1 token is remembered. It may be signed anew with a later expiry, so this is far beyond its
 * first expiry (docs/protocol/upload.md §15.14).
 */
const keepMs = 30 * 24 * 60 * 60 * 1000;

/** Deletes the records of V1 signatures' tokens that were used long ago. @returns how many there were */
function expireV1Tokens(
  { database, now }: Pick<MaintenanceDeps, "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  return inBatches(signal, (limit) => database.run(pruneV1Tokens, { now: now(), keepMs, limit }));
}

/** Deletes the records of tokens, of either kind, that could no longer be accepted. @returns how many there were */
export async function expireTokens(
  services: Pick<MaintenanceDeps, "config" | "database" | "now">,
  signal: AbortSignal,
  progress = noProgress,
): Promise<number> {
  const { config, database, now } = services;
  const keepSeconds = secondsInLedger(config.limits);
  await progress.begin("forgetting tokens that have expired", "tokens");
  const expired = await inBatches(
    signal,
    (limit) => database.run(pruneTokens, { now: Math.floor(now() / 1000), keepSeconds, limit }),
    (count) => progress.advance(count),
  );
  return expired + (await expireV1Tokens(services, signal));
}
