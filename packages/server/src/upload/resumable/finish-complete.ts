import { finishSession } from "./finish-session.ts";
import { Lease } from "./lease.ts";
import { Leases } from "./leases.ts";
import type { FinishServices } from "./needs.ts";
import { RunningHashes } from "./running-hashes.ts";

/**
 * Finishes a session whose bytes have all come and whose client has not come back: the server had died, or had not been
 * able to store it.
 * @throws SluiceError, StorageError when it can't be finished now
 */
export async function finishComplete(
  services: Omit<FinishServices, "publicUrl">,
  digest: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const leases = new Leases(services, { patienceMs: 0 });
  const lease = await leases.take(digest, signal);
  if (!(lease instanceof Lease)) return;
  const { publicUrl } = lease.session;
  const needs = { ...services, hashes: new RunningHashes(), publicUrl: () => publicUrl };
  try {
    if (lease.session.offset === lease.session.length) await finishSession(needs, lease, { stopped: signal });
  } finally {
    await lease.release();
  }
}
