import { SluiceError } from "@sluice/protocol";
import type { FairQueue, Slot } from "../../concurrency/fair-queue.ts";
import { noticeFailure } from "../failures.ts";

import { storeSession } from "../steps.ts";
import type { FinishServices } from "./deps.ts";
import { refuseForGood } from "./end-session.ts";
import { Lease, LeaseLost } from "./lease.ts";
import { Leases } from "./leases.ts";
import type { ReceivedDeps } from "./received-upload.ts";
import { RunningHashes } from "./running-hashes.ts";

export interface FinishOptions {
  /** The queue in which the upload waits. Without it, the caller finishes one upload at a time. */
  readonly queue?: Pick<FairQueue, "take">;
  /** Aborted when the work is to stop. Without it, the work goes on for as long as the lease can be kept. */
  readonly stopped?: AbortSignal;
}

/**
 * Stores a session whose bytes have all come, as any upload is stored. The transaction that stores it is the session's
 * end, so it happens once, whoever finishes it. It goes on when its client leaves.
 * @throws SluiceError for a refusal, which is kept; SERVER_BUSY, STORAGE_UNAVAILABLE and the like, after which the session
 * is as complete as before and can be finished again
 */
export async function finishSession(deps: ReceivedDeps, lease: Lease, options: FinishOptions = {}): Promise<void> {
  const { queue, stopped } = options;
  const { accountId, client } = lease.session;
  const signal = stopped === undefined ? lease.lost : AbortSignal.any([lease.lost, stopped]);
  let slot: Slot | undefined;
  try {
    // Nobody who has a slot for storing waits for a lease or another slot, so those who have both may wait for it.
    slot = await queue?.take({ account: accountId, client }, signal);
    const outcome = await storeSession(deps, lease, signal, () => slot?.release());
    deps.metrics.uploads.inc({ outcome });
  } catch (thrown) {
    noticeFailure(deps, thrown);
    if (signal.aborted || thrown instanceof LeaseLost) {
      throw new SluiceError("UPLOAD_SESSION_BUSY", {}, { cause: thrown });
    }
    if (!(thrown instanceof SluiceError) || thrown.status >= 500) throw thrown;
    if (thrown.reason !== "UPLOAD_SESSION_ENDED") await refuseForGood(deps, lease, thrown);
    throw thrown;
  } finally {
    slot?.release();
  }
}

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
  const deps = { ...services, hashes: new RunningHashes(), publicUrl: () => publicUrl };
  try {
    if (lease.session.offset === lease.session.length) await finishSession(deps, lease, { stopped: signal });
  } finally {
    await lease.release();
  }
}
