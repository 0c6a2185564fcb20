import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";

/**
 * What a blob is made of. It stays its owner's, who lets go of it whatever `put` did: one who cleans up, on every path,
 * and no second removal in the store for each upload.
 */
export type BlobSource = FileSource | BytesSource;

interface SourceFacts {
  /** Bytes. */
  readonly size: number;
  /** Of the content, where it is known: a store on another machine has it compared with what arrives there. */
  readonly sha256?: Uint8Array;
}

/** A finished local file, not written to any more. */
export interface FileSource extends SourceFacts {
  readonly path: string;
  /** The same file, still open: saves opening it and looking at it; its size and its mode, 0600, are trusted then. */
  readonly handle?: FileHandle;
}

/** Bytes that no file holds yet. */
export interface BytesSource extends SourceFacts {
  /** `size` bytes in all, which stay as they are until `put` is over. */
  readonly chunks: readonly Uint8Array[];
}

/** Bytes, counted from 0, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface BlobEntry {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** When the blob came into the store (or later, never earlier): what a grace period counts from. */
  readonly modifiedAt: Date;
}

/** How the store's own address is to answer for a blob. */
export interface LinkedAnswer {
  readonly contentType: string;
  readonly contentDisposition: string;
  readonly cacheControl: string;
  /** How long the address is good for. */
  readonly seconds: number;
}

export type RedirectToBlob = (key: string, answer: LinkedAnswer) => Promise<string>;

export interface SharedFile {
  readonly key: string;
  /** When it came. */
  readonly modifiedAt: Date;
}

/**
 * Files that nodes leave each other and that nobody misses: of those with one key any is as good as another. A key has 32
 * hexadecimal digits.
 */
export interface SharedFiles {
  /** Undefined where there is none. */
  get(key: string, signal?: AbortSignal): Promise<Buffer | undefined>;
  put(key: string, chunks: readonly Uint8Array[], signal?: AbortSignal): Promise<void>;
  /** Removes those of which `goes` says so; resolves with how many that were. */
  remove(goes: (file: SharedFile) => boolean, signal?: AbortSignal): Promise<number>;
}

/** What one store can do and another can't. Whoever uses a store asks it, never the configuration. */
export interface StoreCapabilities {
  /** The folder of the blobs, where they are on a disk of this machine: its free space is theirs. */
  readonly localFolder?: string;
  /**
   * Makes an address at which a client gets the blob from the storage itself, ranges included. Only where the storage
   * has addresses and the operator lets clients go there.
   */
  readonly redirect?: RedirectToBlob | undefined;
  /** Beside the blobs, where the storage is everybody's; none of them is a blob. */
  readonly sharedFiles?: SharedFiles | undefined;
  /** Whether a `put` that breaks off may leave something beside the blobs, for `removeUnfinished`. */
  readonly leavesUnfinished?: boolean;
}

/**
 * Where the bytes of versions live. Blobs are immutable, and a key (`newBlobKey`) is never used twice.
 *
 * What the storage does wrong is a `StorageError`; a key of another shape is a TypeError, a range that runs backwards a
 * RangeError; an abort rejects with the signal's reason, and ends a stream under way with an AbortError.
 */
export interface BlobStore extends StoreCapabilities {
  /**
   * Takes the file in. When it resolves, bytes and name survive a power loss, and the source is needed no more.
   * When it rejects, nothing is to be seen under the key; BLOB_EXISTS leaves the earlier blob as it is.
   * A crash halfway, or a storage that does later what it did not answer, may leave a blob, perhaps a part of one, that
   * no row refers to: the sweep's business.
   */
  put(key: string, source: BlobSource, signal?: AbortSignal): Promise<void>;

  /** Bytes, or undefined when there is no such blob. */
  size(key: string, signal?: AbortSignal): Promise<number | undefined>;

  /**
   * The blob's bytes, or those of `range`, which begins inside the blob and is cut off at its end.
   * Rejects with BLOB_MISSING. Read it to its end or destroy it: until then it holds a file or a connection.
   */
  read(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable>;

  /** Resolves as well when there was no such blob. */
  delete(key: string, signal?: AbortSignal): Promise<void>;

  /** Every blob, in no particular order, read as it is consumed. One that comes or goes meanwhile may be missed. */
  list(signal?: AbortSignal): AsyncIterable<BlobEntry>;

  /**
   * Removes what broken-off `put`s that began before that time have left beside the blobs (`leavesUnfinished`). Resolves
   * with how many there were.
   */
  removeUnfinished(startedBefore: Date, signal?: AbortSignal): Promise<number>;

  /** Rejects when blobs can't be stored now: the place is gone or not writable. Cheap enough for a health check. */
  check(signal?: AbortSignal): Promise<void>;

  /** Lets go of what is held between calls; calls under way have ended before. */
  close(): Promise<void>;
}
