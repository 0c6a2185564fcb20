import { SluiceError } from "@sluice/protocol";
import { discardBytes, endIfBytesAreGone } from "./end-session.ts";
import type { Lease } from "./lease.ts";
import type { FinishServices, ResumableNeeds } from "./needs.ts";
import { type OpenedUpload, openComplete } from "./open-complete.ts";

export type ReceivedNeeds = FinishServices & Pick<ResumableNeeds, "hashes">;

/** The bytes of a session that have all come. It is closed whatever becomes of the upload. */
export interface ReceivedUpload extends Pick<OpenedUpload, "file" | "head"> {
  /** Ends the session, whose file is stored, and discards what it holds besides. A second call does nothing. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the bytes of a session that have all come.
 * @throws SluiceError UPLOAD_SESSION_ENDED when they are gone; StorageError; the signal's reason
 */
export async function openReceived(needs: ReceivedNeeds, lease: Lease, signal: AbortSignal): Promise<ReceivedUpload> {
  const { digest, session } = lease;
  const { bytes, length, takeovers } = session;
  if (bytes === undefined) throw new SluiceError("UPLOAD_SESSION_ENDED");
  // After a takeover, a second writer may have been at the bytes, and may still be.
  const isContested = takeovers > 0;
  let hash = isContested ? undefined : needs.hashes.take(digest, length);
  let source: OpenedUpload | undefined;
  let isSettled = false;
  const received = {
    async settle() {
      if (isSettled) return;
      isSettled = true;
      await source?.close();
      lease.end({ state: "stored" });
      await discardBytes(needs, { digest, bytes, isStored: true });
    },
    async close() {
      // The next try, if there is one, needs not read the bytes for it.
      if (!isSettled) needs.hashes.keep(digest, length, hash);
      await source?.close();
    },
  };
  try {
    const complete = await needs.blobs.partial.complete(bytes, signal).catch(async (error: unknown) => {
      await endIfBytesAreGone(needs, lease, error);
      throw error;
    });
    source = await openComplete(needs, complete, { running: hash, isContested }, signal);
    ({ hash } = source);
    return { file: source.file, head: source.head, ...received };
  } catch (error) {
    await received.close();
    throw error;
  }
}
