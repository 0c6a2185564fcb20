import { inBatches } from "./in-batches.ts";
import type { MaintenanceNeeds } from "./needs.ts";

/**
 * Deletes events that are older than their retention time, and the record of their delivery.
 * @returns how many there were
 */
export async function expireEvents(
  { config, database, now }: Pick<MaintenanceNeeds, "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const before = now() - config.limits.eventsMs;
  return inBatches(signal, (limit) => database.run("pruneEvents", { before, limit }));
}
