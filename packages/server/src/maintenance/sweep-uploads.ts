import { graceBegan } from "./grace-period.ts";
import type { MaintenanceNeeds } from "./needs.ts";

/**
 * Removes what uploads that broke off left in the store beside the objects. One that is under way may take as long as
 * its request, so that it is let be for that time as well as for the grace period.
 * @returns how many there were
 */
export async function sweepUploads(
  services: Pick<MaintenanceNeeds, "blobs" | "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const { blobs, config } = services;
  return blobs.removeUnfinished(new Date((await graceBegan(services)) - config.limits.requestMs), signal);
}
