import type { FileHandle } from "node:fs/promises";
import { releaseMemory } from "../chunk-memory.ts";
import { toStorageError } from "../storage-error.ts";
import { writeAll } from "../write-all.ts";

/** A block of this size, or this many chunks, is worth a write. */
const blockBytes = 256 * 1024;
const blockChunks = 128;

/**
 * Writes chunks to a place in a file, a block at a time. While a block is written, the next one comes in. So it holds
 * two blocks at most, with one chunk more each.
 */
export class PieceWriter {
  readonly #open: () => Promise<FileHandle>;
  #position: number;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> | undefined;
  #handle: FileHandle | undefined;

  /** @param open opens the file, once, for the first block */
  constructor(position: number, open: () => Promise<FileHandle>) {
    this.#position = position;
    this.#open = open;
  }

  /** The place in the file up to which all bytes are written. */
  get position(): number {
    return this.#position;
  }

  /** The open file; undefined while nothing was written. */
  get handle(): FileHandle | undefined {
    return this.#handle;
  }

  /** Returns a promise to wait for, or undefined where the next chunk may come at once. */
  take(chunk: Uint8Array): Promise<void> | undefined {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.byteLength;
    const isFull = this.#pendingBytes >= blockBytes || this.#pending.length >= blockChunks;
    return isFull ? this.#writeBlock() : undefined;
  }

  /** Writes what is pending. Rejects with a StorageError, or with the failure of opening the file. */
  async flush(): Promise<void> {
    if (this.#pending.length > 0) await this.#writeBlock();
    await this.#writing;
  }

  /** Resolves when the block before is written, while this block still is. */
  async #writeBlock(): Promise<void> {
    const chunks = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    await this.#writing;
    this.#writing = this.#write(chunks);
    // The next block, or the end, reports a failure.
    this.#writing.catch(() => undefined);
  }

  async #write(chunks: readonly Uint8Array[]): Promise<void> {
    this.#handle ??= await this.#open();
    const handle = this.#handle;
    const place = {
      writev: async (buffers: Uint8Array[]) => {
        const written = await handle.writev(buffers, this.#position);
        this.#position += written.bytesWritten;
        return written;
      },
    };
    await writeAll(place, chunks).catch((error: unknown) => {
      throw toStorageError(error, "write a piece");
    });
    for (const chunk of chunks) releaseMemory(chunk);
  }
}
