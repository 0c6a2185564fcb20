import { newBlobKey } from "../blob-key.ts";

/** The time in milliseconds in which an append to a bucket settles after its abort. */
export const settleMs = 5000;

/**
 * A blob that grows piece by piece, as plain JSON: all that any node needs to go on with it. The store keeps no record
 * of its own. The owner keeps the newest state durably before it acknowledges the state's offset to anybody.
 */
export interface PartialBlob {
  /** A new blob key. Where the bytes are put together in the store itself, the finished blob has this key. */
  readonly key: string;
  /** The number of bytes that the blob will have; while it is open, the most that it may have. */
  readonly length: number;
  /** Whether the length is still to be told (`closePartialBlob`). An open blob can't be completed. */
  readonly isOpen?: true;
  /** The length for which the store planned the blob's parts, where the length was told or bounded later. */
  readonly plannedLength?: number;
  /** The number of bytes that are durable. */
  readonly offset: number;
  /** The store's own notes about the bytes. Only the store reads them. */
  readonly store?: Readonly<Record<string, unknown>>;
}

export interface Appended {
  /** The blob with the bytes that came, all of them durable. It is the given state when none came. */
  readonly state: PartialBlob;
  /**
   * The reason why the appending ended before the chunks did: what the chunks threw, the signal's reason, a
   * StorageError, or a RangeError when more bytes came than the blob has. Undefined when the chunks came to their end.
   */
  readonly cause?: unknown;
}

/** All bytes of a blob, durable and at rest. */
export type CompleteBytes =
  /** A local file beside the blobs, so that `put` costs a link. The blob that `put` makes gets a key of its own. */
  | { readonly kind: "file"; readonly path: string; readonly size: number }
  /** A blob in the store already, for which there is no row yet. */
  | {
      readonly kind: "stored";
      readonly key: string;
      readonly size: number;
      /**
       * The time of this call, in Unix milliseconds. The blob itself may look older: a bucket dates an object by the
       * beginning of its upload. So the sweep of blobs spares the keys of unfinished blobs, whatever their age.
       */
      readonly storedAt: number;
    };

/** The remains of an unfinished blob in the store. */
export interface PartialEntry {
  readonly key: string;
}

/**
 * Blobs that arrive in pieces: over several requests, on several nodes, and with crashes in between. None of them is
 * visible as a blob before `complete`.
 *
 * One party at a time appends, completes or discards, which the owner ensures by a lease. The signal has to abort early
 * enough for the call to settle within the lease. After the abort, an append still stores what came: in a bucket it
 * settles within `settleMs`, in a folder within one write and one fsync. A holder that lost its lease unseen (its
 * process hung) can do no harm with the same bytes in the same place, and a client that goes on with its file sends the
 * same. With other bytes it can: a folder then has the bytes that were written last, and a file of complete bytes may
 * still change. So the caller copies that file before it makes a blob of it, if a lease has been taken over. A bucket
 * detects the change, and `complete` rejects.
 *
 * A failure of the storage is a `StorageError`. With BLOB_MISSING, bytes that were acknowledged are not where they
 * were stored, and the store itself is there: one that is away is STORAGE_FAILED.
 */
export interface PartialBlobs {
  /** The bytes of the longest blob that can grow here; infinite where only the room on a disk counts. */
  readonly maxLength: number;

  /**
   * Returns the state of a blob of which nothing is stored yet.
   * @throws RangeError for a length that isn't a number of bytes, or that exceeds `maxLength`
   */
  begin(length: number): PartialBlob;

  /**
   * Appends the chunks at `state.offset`. Bytes of an earlier call that lie beyond `state.offset` are replaced. It takes
   * no bytes beyond the blob's length. The chunks belong to the store, which releases their memory.
   *
   * It keeps what came, whatever ends it: the promise resolves with the bytes that are durable, and with the cause.
   * A full disk or a storage that is down is such a cause too. It only rejects for a state that isn't one (TypeError).
   */
  append(state: PartialBlob, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Appended>;

  /**
   * Removes the bytes that an append stored beyond `state` and that nobody acknowledged. Otherwise they would take room
   * until the blob is discarded, and no limit would count them.
   * @param appended the state that the append returned
   */
  giveBack(state: PartialBlob, appended: PartialBlob, signal: AbortSignal): Promise<void>;

  /**
   * Makes a finished source of the bytes, which are all there. It may be called again, after a crash too, until the
   * blob is discarded. Rejects with a StorageError or the signal's reason; nothing is lost then.
   */
  complete(state: PartialBlob, signal?: AbortSignal): Promise<CompleteBytes>;

  /**
   * Removes what there is of the unfinished blob, and what completing left beside the finished one. It may be called
   * again, and always: before the end, after the blob is committed, and for an entry of the list that has no owner.
   *
   * It never removes a finished blob, because a version may refer to it. Where none can, the caller also deletes the
   * blob of that key from the store; otherwise the sweep does, after its grace period.
   */
  discard(blob: Pick<PartialBlob, "key">, signal?: AbortSignal): Promise<void>;

  /**
   * Whether all acknowledged bytes are there, for `fsck`. A blob that was completed has them too. They are looked up, not
   * read.
   */
  holds(state: PartialBlob, signal?: AbortSignal): Promise<boolean>;

  /**
   * Lists what there is of unfinished blobs, for the sweep and `fsck`. A blob's owner exists before its bytes do. So an
   * entry is a leftover if it has no owner when the entry has been seen. Uploads under way in a bucket are not listed:
   * `removeUnfinished` finds those.
   */
  list(signal?: AbortSignal): AsyncIterable<PartialEntry>;
}

/** @throws TypeError for a blob of which bytes are missing, or of which it isn't known whether there are more */
export function assertAllThere({ length, offset, isOpen }: PartialBlob): void {
  if (isOpen) throw new TypeError("the blob's length has not been told");
  if (offset !== length) throw new TypeError(`${length - offset} bytes are missing`);
}

/** Returns the blob as one whose length is told later. Nothing of it is stored yet. */
export function openPartialBlob(begun: PartialBlob): PartialBlob {
  return { ...begun, isOpen: true, plannedLength: begun.length };
}

/** Lowers the most bytes that an open blob may have. */
export function boundPartialBlob(open: PartialBlob, maxLength: number): PartialBlob {
  return { ...open, length: Math.min(open.length, maxLength) };
}

/** Tells the length of an open blob, which lies between what has come and the most that it may have. */
export function closePartialBlob({ isOpen: _, ...open }: PartialBlob, length: number): PartialBlob {
  return { ...open, length };
}

/** The length for which the store has planned the blob's parts. */
export function plannedLengthOf({ plannedLength, length }: PartialBlob): number {
  return plannedLength ?? length;
}

export function beginPartialBlob(length: number, maxLength: number): PartialBlob {
  if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`Not a length in bytes: ${length}`);
  if (length > maxLength) throw new RangeError(`More than ${maxLength} bytes: ${length}`);
  return { key: newBlobKey(), length, offset: 0 };
}
