import { SluiceError } from "@sluice/protocol";
import type { CompleteBytes } from "../../storage/partial/partial-blobs.ts";
import { StorageError } from "../../storage/storage-error.ts";
import type { Place, Places } from "../form/admission/places.ts";
import { resolveUpload } from "../resolve/resolve-upload.ts";
import { storeFile } from "../steps.ts";
import { discardBytes, endIfBytesAreGone, refuseForGood } from "./end-session.ts";
import { type Lease, LeaseLost } from "./leases.ts";
import type { FinishServices, ResumableNeeds } from "./needs.ts";
import { type OpenedUpload, openComplete } from "./open-complete.ts";
import { principalOfSession } from "./session-principal.ts";
import type { SessionBytes } from "./sessions/session.ts";

type FinishNeeds = FinishServices & Pick<ResumableNeeds, "hashes">;

export interface FinishOptions {
  /** The line in which the upload waits for its turn. Without it, the caller finishes one upload at a time. */
  readonly turns?: Pick<Places, "take">;
  /** Aborted when the work is to stop. Without it, the work goes on for as long as the lease can be kept. */
  readonly stopped?: AbortSignal;
}

/**
 * Stores a session whose bytes have all come, as any upload is stored. The transaction that stores it is the session's
 * end, so it happens once, whoever finishes it. It goes on when its client leaves.
 * @throws SluiceError for a refusal, which is kept; SERVER_BUSY, STORAGE_UNAVAILABLE and the like, after which the session
 * is as complete as before and can be finished again
 */
export async function finishSession(needs: FinishNeeds, lease: Lease, options: FinishOptions = {}): Promise<void> {
  const { turns, stopped } = options;
  const { accountId, client } = lease.session;
  const signal = stopped === undefined ? lease.lost : AbortSignal.any([lease.lost, stopped]);
  let turn: Place | undefined;
  try {
    // Nobody who has a turn waits for a lease or a place, so those who have both may wait for a turn.
    turn = await turns?.take({ account: accountId, client }, signal);
    await store(needs, lease, { signal, onStored: () => turn?.release() });
    needs.metrics.uploads.inc({ outcome: "stored" });
  } catch (thrown) {
    if (thrown instanceof StorageError) needs.freeSpace.distrust();
    if (signal.aborted || thrown instanceof LeaseLost) {
      throw new SluiceError("UPLOAD_SESSION_BUSY", {}, { cause: thrown });
    }
    if (!(thrown instanceof SluiceError) || thrown.status >= 500) throw thrown;
    if (thrown.reason !== "UPLOAD_SESSION_ENDED") await refuseForGood(needs, lease, thrown);
    throw thrown;
  } finally {
    turn?.release();
  }
}

interface StoreOptions {
  readonly signal: AbortSignal;
  /** Called when nothing reads the bytes any more. The answer may have to wait longer. */
  readonly onStored: () => void;
}

async function store(needs: FinishNeeds, lease: Lease, { signal, onStored }: StoreOptions): Promise<void> {
  const { digest, holder, session } = lease;
  const { bytes, length, fields, takeovers, token, client, requestId } = session;
  if (bytes === undefined) throw new SluiceError("UPLOAD_SESSION_ENDED");
  const principal = await principalOfSession(needs, session);
  const plan = await resolveUpload(needs, principal, new Map(fields));
  // Whatever can refuse the upload without its bytes does so before they are read.
  await needs.scanner.assertReady(signal);
  // After a takeover, a second writer may have been at the bytes, and may still be.
  const isContested = takeovers > 0;
  let hash = isContested ? undefined : needs.hashes.take(digest, length);
  let source: OpenedUpload | undefined;
  let isDiscarded = false;
  const discard = async (): Promise<void> => {
    if (isDiscarded) return;
    isDiscarded = true;
    await source?.close();
    lease.end({ state: "stored" });
    await discardBytes(needs, { digest, bytes, isStored: true });
    onStored();
  };
  try {
    const complete = await completeBytes(needs, lease, bytes, signal);
    source = await openComplete(needs, complete, { running: hash, isContested }, signal);
    hash = source.hash;
    const toStore = { plan, file: source.file, head: source.head, token, client, requestId, onStored: discard };
    await storeFile(needs, { ...toStore, session: { digest, holder } }, signal);
    await discard();
  } finally {
    // The next try, if there is one, needs not read the bytes for it.
    if (!isDiscarded) needs.hashes.keep(digest, length, hash);
    await source?.close();
  }
}

async function completeBytes(
  needs: FinishNeeds,
  lease: Lease,
  bytes: SessionBytes,
  signal: AbortSignal,
): Promise<CompleteBytes> {
  try {
    return await needs.blobs.partial.complete(bytes, signal);
  } catch (error) {
    await endIfBytesAreGone(needs, lease, error);
    throw error;
  }
}
