import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { PartialBlobs } from "./partial/partial-blobs.ts";
import { StorageError } from "./storage-error.ts";

/** Every store calls this before it opens anything: a backward range is its caller's mistake, never an empty answer. */
export function assertByteRange({ start, end }: ByteRange): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
    throw new RangeError(`Not a byte range: ${start} to ${end}`);
  }
}

/** @throws StorageError when there are more or fewer bytes than were announced */
export function chunksOf({ chunks, size }: BytesSource): readonly Uint8Array[] {
  const found = chunks.reduce((total, { byteLength }) => total + byteLength, 0);
  if (found !== size) throw new StorageError("STORAGE_FAILED", `There are ${found} bytes instead of ${size}`);
  return chunks;
}

/**
 * The bytes that a blob is made of. The source still belongs to its owner, who releases it whatever `put` did. So one
 * party cleans up, on every path, and the store makes no second removal for each upload.
 */
export type BlobSource = FileSource | BytesSource;

interface SourceFacts {
  /** The size in bytes. */
  readonly size: number;
  /** The content's hash, if it is known. A store on another machine has it compared with what arrives there. */
  readonly sha256?: Uint8Array;
}

/** A finished local file, not written to any more. */
export interface FileSource extends SourceFacts {
  readonly path: string;
  /** The same file, still open. This saves opening and examining it; its size and its mode, 0600, are trusted then. */
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
  /** The size in bytes. */
  readonly size: number;
  /** The time at which the blob came into the store (or later, never earlier). Grace periods count from this time. */
  readonly modifiedAt: Date;
}

/** The answer that a client is to get at the store's own address for a blob. */
export interface LinkedAnswer {
  readonly contentType: string;
  readonly contentDisposition: string;
  readonly cacheControl: string;
  /** The time for which the address is valid. */
  readonly seconds: number;
}

export type RedirectToBlob = (key: string, answer: LinkedAnswer) => Promise<string>;

export interface SharedFile {
  readonly key: string;
  /** The time at which the file was stored. */
  readonly modifiedAt: Date;
}

export interface OpenedFile {
  /** The size of the whole file in bytes. */
  readonly size: number;
  readonly body: Readable;
}

/**
 * Files that nodes leave for each other and that nobody misses. Any file with a key is as good as another with the same
 * key. A key has 32 hexadecimal digits.
 */
export interface SharedFiles {
  /**
   * Opens a file, or a range of it, with the size of the whole file. Resolves with undefined when there is no such file.
   * Read the stream to its end or destroy it: until then it holds a connection.
   */
  open(key: string, range?: ByteRange, signal?: AbortSignal): Promise<OpenedFile | undefined>;
  put(key: string, source: BlobSource, signal?: AbortSignal): Promise<void>;
  /** Removes the files for which `goes` returns true. Resolves with how many it removed. */
  remove(goes: (file: SharedFile) => boolean, signal?: AbortSignal): Promise<number>;
}

/**
 * The capabilities that one store has and another hasn't. Code that uses a store asks the store, never the
 * configuration.
 */
interface StoreCapabilities {
  /** The folder of the blobs, if they are on a disk of this machine. Its free space is the space left for blobs. */
  readonly localFolder?: string;
  /**
   * Makes an address at which a client gets the blob from the storage itself, ranges included. Only present if the
   * storage has addresses and the operator lets clients go there.
   */
  readonly redirect?: RedirectToBlob | undefined;
  /**
   * Reads a whole blob of this size into one piece of memory, which is faster than a stream of pieces that have to be put
   * together. Only present where a blob is a file. Rejects as `read` does, and when the blob has another size.
   */
  readonly readWhole?: (key: string, size: number, signal: AbortSignal) => Promise<Buffer>;
  /** The file that is the blob, for another process of this machine. Only present where a blob is a file. */
  readonly localPath?: (key: string) => string;
  /** The files beside the blobs, if all nodes share the storage. None of these files is a blob. */
  readonly sharedFiles?: SharedFiles | undefined;
  /** Blobs that arrive in pieces. */
  readonly partial: PartialBlobs;
  /** Whether a `put` that breaks off may leave something beside the blobs, for `removeUnfinished`. */
  readonly leavesUnfinished?: boolean;
}

/**
 * The store of the bytes of versions. Blobs are immutable, and a key (`newBlobKey`) is never used twice.
 *
 * A failure of the storage is a `StorageError`. A key of another shape is a TypeError, and a range that runs backwards
 * is a RangeError. An abort rejects with the signal's reason, and ends a stream under way with an AbortError.
 */
export interface BlobStore extends StoreCapabilities {
  /**
   * Stores the source's bytes. When it resolves, bytes and name survive a power loss, and the source is needed no more.
   * When it rejects, nothing is visible under the key; BLOB_EXISTS leaves the earlier blob as it is.
   * A crash halfway, or a storage that carries out later a request that it did not answer, may leave a blob, perhaps a
   * part of one, that no row refers to. Removing it is left to the sweep.
   */
  put(key: string, source: BlobSource, signal?: AbortSignal): Promise<void>;

  /** Resolves with the blob's size in bytes, or with undefined when there is no such blob. */
  size(key: string, signal?: AbortSignal): Promise<number | undefined>;

  /**
   * Resolves with a stream of the blob's bytes, or of those in `range`, which begins inside the blob and is cut off at
   * the blob's end. Rejects with BLOB_MISSING. Read the stream to its end or destroy it: until then it holds a file or
   * a connection.
   */
  read(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable>;

  /** Deletes the blob. The promise also resolves when there was no such blob. */
  delete(key: string, signal?: AbortSignal): Promise<void>;

  /**
   * Lists every blob, in no particular order. The list is read as it is consumed; a blob that comes or goes meanwhile
   * may be missed.
   */
  list(signal?: AbortSignal): AsyncIterable<BlobEntry>;

  /**
   * Removes what `put`s that broke off have left beside the blobs (`leavesUnfinished`), if they began before
   * `startedBefore`. Unfinished blobs that left parts without an owner are removed with them.
   * @param spared the keys of the unfinished blobs that have an owner, of that time or later
   * @returns how many there were
   */
  removeUnfinished(startedBefore: Date, spared: ReadonlySet<string>, signal?: AbortSignal): Promise<number>;

  /** Rejects when blobs can't be stored now: the place is gone or not writable. Cheap enough for a health check. */
  check(signal?: AbortSignal): Promise<void>;

  /** Releases what the store holds between calls. It is called after all calls under way have ended. */
  close(): Promise<void>;
}
