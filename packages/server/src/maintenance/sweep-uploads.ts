import { listKeysOfSessions } from "../database/repositories/open-sessions.ts";
import { graceBegan } from "./grace-period.ts";
import type { MaintenanceNeeds } from "./needs.ts";

/**
 * Removes what interrupted uploads left in the store beside the objects. A running upload may take as long as its
 * request, so it is left alone for that time in addition to the grace period. What resumable uploads have is left alone
 * as long as they have a session.
 * @returns how many there were
 */
export async function sweepUploads(
  services: Pick<MaintenanceNeeds, "blobs" | "config" | "database" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const { blobs, config } = services;
  const before = new Date((await graceBegan(services)) - config.limits.requestMs);
  // A session exists before its upload begins, so those of now have all of them that began before.
  return blobs.removeUnfinished(before, await listKeysOfSessions(services.database.reader), signal);
}
