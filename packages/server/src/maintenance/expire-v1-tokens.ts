import { inBatches } from "./in-batches.ts";
import type { MaintenanceNeeds } from "./needs.ts";

/**
 * A V1 token may be signed anew with a later expiry, so it is remembered far beyond its first
 * (docs/protocol/upload.md §15.14).
 */
const keepMs = 30 * 24 * 60 * 60 * 1000;

/** Forgets the tokens of V1 signatures that were used long ago. @returns how many there were */
export function expireV1Tokens(
  { database, now }: Pick<MaintenanceNeeds, "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  return inBatches(signal, (limit) => database.run("pruneV1Tokens", { now: now(), keepMs, limit }));
}
