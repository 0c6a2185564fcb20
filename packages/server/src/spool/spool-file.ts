import { createHash } from "node:crypto";
import { type FileHandle, unlink } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { ByteRange, BytesSource, FileSource } from "../storage/blob-store.ts";
import { releaseMemory } from "../storage/chunk-memory.ts";
import { toStorageError } from "../storage/storage-error.ts";
import { writeAll } from "../storage/write-all.ts";

/**
 * A block of this size, or this many chunks, is worth a write. A file that never fills one (most images) stays in
 * memory.
 */
export const blockBytes = 256 * 1024;
const blockChunks = 128;

/** A blob that came into the store before there is a row for it. */
export interface ArrivedBlob {
  readonly key: string;
  /** The time at which it was durable, in Unix milliseconds. The grace period counts from this time. */
  readonly storedAt: number;
}

/** Bytes that no file of this machine holds. They are read from where they are stored. */
export interface StoredContent {
  /** The size in bytes. */
  readonly size: number;
  open(signal: AbortSignal): Promise<Readable>;
  openRange(range: ByteRange, signal: AbortSignal): Promise<Readable>;
}

/**
 * A whole file as it is lent to its readers. It is a local file, which may still be open for reading and writing, or,
 * if it never filled a block, its bytes in memory, or content in the store. It is good until its owner discards it.
 */
export type SpooledFile = { readonly sha256: Buffer } & (
  | ((FileSource | BytesSource) & {
      /** The same bytes as a blob, if they have arrived in the store already. Nothing needs to be put there then. */
      readonly arrived?: ArrivedBlob;
    })
  | (StoredContent & { readonly arrived: ArrivedBlob })
);

/** A whole spool file, as its maker gets it. */
export type FinishedSpoolFile = { readonly sha256: Buffer } & (
  | (FileSource & { readonly handle: FileHandle })
  | BytesSource
);

export interface OpenSpoolFile {
  readonly path: string;
  readonly handle: FileHandle;
}

export interface SpoolFileOptions {
  /** Creates the file; called once, with the first block. */
  open(): Promise<OpenSpoolFile>;
  /** Called for each chunk that is taken in. */
  took(bytes: number): void;
  /** Called once, when nothing of the file is left. */
  released(file: SpoolFile): void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One file on its way in, hashed as it arrives. It belongs to the part of the program that created it, which calls
 * `discard` in the end, on every path. The owner decides when that is: the file may outlive the request that brought
 * it. Chunks are kept, not copied, until they are written; at most two blocks of them.
 */
export class SpoolFile {
  readonly #options: SpoolFileOptions;
  readonly #hash = createHash("sha256");
  #size = 0;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #opened: OpenSpoolFile | undefined;
  /** The file operations under way, one after another; never rejects. */
  #queue: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #began = false;
  #finished = false;
  #discarding: Promise<void> | undefined;

  constructor(options: SpoolFileOptions) {
    this.#options = options;
  }

  /** Bytes taken in so far. */
  get size(): number {
    return this.#size;
  }

  /** The path of the file on the disk, once there is one. */
  get path(): string | undefined {
    return this.#opened?.path;
  }

  /**
   * Takes a chunk, which then belongs to the file: its memory is released once it is written. Resolves when the next
   * chunk may come. Rejects with a StorageError when the disk refuses a block (this one or an earlier one), or with the
   * signal's reason.
   */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.#finished) throw new Error("The spool file is finished");
    this.#assertUsable();
    this.#hash.update(chunk);
    this.#size += chunk.byteLength;
    this.#options.took(chunk.byteLength);
    this.#pendingBytes += chunk.byteLength;
    this.#pending.push(chunk);
    if (this.#pendingBytes < blockBytes && this.#pending.length < blockChunks) return;
    await this.#startWriting();
    this.#assertUsable();
  }

  /**
   * Writes the rest of a file that has begun to be written. A smaller one never becomes a file on the disk. Nothing is
   * durable yet: the blob store makes it durable, once the upload is accepted.
   */
  async finish(): Promise<FinishedSpoolFile> {
    if (this.#finished) throw new Error("The spool file is finished");
    this.#finished = true;
    this.#assertUsable();
    const facts = { size: this.#size, sha256: this.#hash.digest() };
    if (!this.#began) return { ...facts, chunks: this.#pending };
    void this.#startWriting();
    await this.#queue;
    this.#assertUsable();
    if (this.#opened === undefined) throw new Error("The spool file was not opened");
    return { ...facts, ...this.#opened };
  }

  /** Closes and removes the file, whatever has become of it; waits for a write under way. Never rejects. */
  discard(): Promise<void> {
    this.#discarding ??= this.#queue.then(() => this.#remove());
    return this.#discarding;
  }

  /**
   * Queues a write of the chunks that are pending when its turn comes. Resolves when the write before it has ended,
   * while this write goes on.
   */
  #startWriting(): Promise<void> {
    this.#began = true;
    const previous = this.#queue;
    this.#queue = previous.then(() => this.#writePending());
    return previous;
  }

  async #writePending(): Promise<void> {
    if (this.#failure !== undefined || this.#discarding !== undefined) return;
    const chunks = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    try {
      this.#opened ??= await this.#options.open();
      await writeAll(this.#opened.handle, chunks);
      for (const chunk of chunks) releaseMemory(chunk);
    } catch (error) {
      this.#failure = { error: toStorageError(error, "write to the spool") };
    }
  }

  async #remove(): Promise<void> {
    for (const chunk of this.#pending) releaseMemory(chunk);
    this.#pending = [];
    try {
      await this.#opened?.handle.close();
    } catch {
      // The bytes are of no more use to anyone.
    }
    try {
      if (this.#opened !== undefined) await unlink(this.#opened.path);
    } catch {
      // The file is gone already, or else the sweep removes it.
    }
    this.#options.released(this);
  }

  #assertUsable(): void {
    this.#options.signal?.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#discarding !== undefined) throw new Error("The spool file is discarded");
  }
}
