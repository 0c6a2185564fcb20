import { inBatches } from "./in-batches.ts";
import type { MaintenanceNeeds } from "./needs.ts";

/** Forgets events, and what became of telling of them, that are older than they are kept. @returns how many there were */
export async function expireEvents(
  { config, database, now }: Pick<MaintenanceNeeds, "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const before = now() - config.limits.eventsMs;
  return inBatches(signal, (limit) => database.run("pruneEvents", { before, limit }));
}
