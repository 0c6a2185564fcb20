import type { Services } from "../services.ts";

/**
 * Removes what uploads that broke off left in the store beside the objects. One that is under way may take as long as
 * its request, so that it is let be for that time as well as for the grace period.
 * @returns how many there were
 */
export async function sweepUploads(
  { blobs, config, now }: Pick<Services, "blobs" | "config" | "now">,
  signal: AbortSignal,
): Promise<number> {
  const { requestMs, sweepGraceMs } = config.limits;
  return blobs.removeUnfinished(new Date(now() - requestMs - sweepGraceMs), signal);
}
