import type { LedgerEntry } from "../authorise/ledger-entry.ts";

interface UnderWay {
  readonly entry: LedgerEntry;
  received: boolean;
  end: PromiseWithResolvers<void> | undefined;
}

/**
 * The uploads that this process has let in with a token, from then until they have ended, well or not. In an object, not
 * in a Map: that would keep those that have ended, see `PendingTasks`.
 */
export class UploadsUnderWay {
  readonly #byDigest: Record<string, UnderWay | undefined> = Object.create(null);

  /** The upload with this token is let in. There must be no other. */
  begin(entry: LedgerEntry): void {
    this.#byDigest[keyOf(entry.row.digest)] = { entry, received: false, end: undefined };
  }

  /** Its form is complete. */
  receive(digest: Uint8Array): void {
    const underWay = this.#byDigest[keyOf(digest)];
    if (underWay !== undefined) underWay.received = true;
  }

  end(digest: Uint8Array): void {
    const key = keyOf(digest);
    this.#byDigest[key]?.end?.resolve();
    delete this.#byDigest[key];
  }

  /** The ledger's entry for the upload with this token; undefined when there is none under way. */
  entryOf(digest: Uint8Array): LedgerEntry | undefined {
    return this.#byDigest[keyOf(digest)]?.entry;
  }

  /** Resolves at the end of one whose form is complete; undefined when there is none. */
  endOf(digest: Uint8Array): Promise<void> | undefined {
    const underWay = this.#byDigest[keyOf(digest)];
    if (!underWay?.received) return undefined;
    underWay.end ??= Promise.withResolvers<void>();
    return underWay.end.promise;
  }
}

function keyOf(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString("latin1");
}
