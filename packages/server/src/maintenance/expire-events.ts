import { inBatches } from "./in-batches.ts";
import type { MaintenanceNeeds } from "./needs.ts";

/**
 * Deletes events, and records of attempts to deliver them, that are older than their retention time.
 * @returns how many there were
 */
export async function expireEvents(
  { config, database, now }: Pick<MaintenanceNeeds, "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const before = now() - config.limits.eventsMs;
  return inBatches(signal, (limit) => database.run("pruneEvents", { before, limit }));
}
