import { inBatches } from "./in-batches.ts";
import type { MaintenanceNeeds } from "./needs.ts";

/**
 * The time for which a V1 token is remembered. It may be signed anew with a later expiry, so this is far beyond its
 * first expiry (docs/protocol/upload.md §15.14).
 */
const keepMs = 30 * 24 * 60 * 60 * 1000;

/** Deletes the records of V1 signatures' tokens that were used long ago. @returns how many there were */
export function expireV1Tokens(
  { database, now }: Pick<MaintenanceNeeds, "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  return inBatches(signal, (limit) => database.run("pruneV1Tokens", { now: now(), keepMs, limit }));
}
