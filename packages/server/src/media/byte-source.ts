import { type FileHandle, open } from "node:fs/promises";

/** Random access to bytes. An answer has fewer bytes than were asked for only at the end of the source. */
export interface ByteSource {
  readonly size: number;
  /** Returns what `read` would answer; undefined if `read` would have to fetch it. */
  atHand(offset: number, length: number): Buffer | undefined;
  read(offset: number, length: number): Promise<Buffer>;
}

export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** All of an upload's bytes. */
export interface MediaSource extends ByteSource {
  /** Reads the beginning: at least `length` bytes if the source has as many, and more if they are in memory. */
  head(length: number): Promise<Buffer>;
  /** The form in which a library opens the file: the file's path, or the bytes. */
  readonly whole: string | Buffer;
  close(): Promise<void>;
}

/** The number of bytes of a file's beginning that are read at once. They hold the headers of nearly every picture. */
export const headLength = 64 * 1024;
const windowLength = 16 * 1024;

export function bufferSource(bytes: Uint8Array): ByteSource {
  const buffer = asBuffer(bytes);
  const atHand = (offset: number, length: number): Buffer => buffer.subarray(offset, offset + length);
  return { size: buffer.length, atHand, read: async (offset, length) => atHand(offset, length) };
}

/** Makes a part of a source a source of its own. */
export function sliceSource(source: ByteSource, start: number, length: number): ByteSource {
  const size = Math.max(0, Math.min(length, source.size - start));
  return {
    size,
    atHand: (offset, wanted) => source.atHand(start + offset, lengthWithin(size, offset, wanted)),
    read: (offset, wanted) => source.read(start + offset, lengthWithin(size, offset, wanted)),
  };
}

/** Returns the length of the part of a range that lies in the first `size` bytes. */
export function lengthWithin(size: number, offset: number, length: number): number {
  return Math.max(0, Math.min(length, size - offset));
}

/** The bytes from one offset to another; undefined unless all of them are in `bytes`, which begin at `start`. */
export function partOf(bytes: Buffer, start: number, from: number, end: number): Buffer | undefined {
  return from >= start && end <= start + bytes.length ? bytes.subarray(from - start, end - start) : undefined;
}

/**
 * Reads a file through its first bytes and one moving window. The file is opened only when a range outside the given
 * head is asked for. The head of the common upload was seen while the upload streamed in, so such an upload costs no
 * file operation at all.
 */
export class FileByteSource implements MediaSource {
  readonly whole: string;
  readonly size: number;
  readonly #signal: AbortSignal | undefined;
  #head: Buffer;
  #window: Buffer = Buffer.alloc(0);
  #windowOffset = 0;
  #file: FileHandle | undefined;

  constructor(path: string, size: number, head: Uint8Array | undefined, signal: AbortSignal | undefined) {
    this.whole = path;
    this.size = size;
    this.#signal = signal;
    this.#head = head === undefined ? Buffer.alloc(0) : asBuffer(head).subarray(0, size);
  }

  async head(length: number): Promise<Buffer> {
    this.#signal?.throwIfAborted();
    if (this.#head.length < Math.min(length, this.size)) {
      this.#head = await this.#load(0, Math.max(length, headLength));
    }
    return this.#head;
  }

  atHand(offset: number, length: number): Buffer | undefined {
    this.#signal?.throwIfAborted();
    const end = Math.min(offset + length, this.size);
    if (offset < 0 || offset >= end) {
      return Buffer.alloc(0);
    }
    return partOf(this.#head, 0, offset, end) ?? partOf(this.#window, this.#windowOffset, offset, end);
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const atHand = this.atHand(offset, length);
    if (atHand !== undefined) {
      return atHand;
    }
    this.#window = await this.#load(offset, Math.max(length, windowLength));
    this.#windowOffset = offset;
    return this.#window.subarray(0, length);
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Reads into a fresh buffer each time, so that the bytes of an earlier read stay as they were. */
  async #load(offset: number, length: number): Promise<Buffer> {
    this.#file ??= await open(this.whole, "r");
    const buffer = Buffer.allocUnsafe(Math.min(length, this.size - offset));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.#file.read(buffer, filled, buffer.length - filled, offset + filled);
      if (bytesRead === 0) {
        break;
      }
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }
}

/** Reads bytes in memory. They are joined only when a range outside the given head is asked for. */
export class BytesByteSource implements MediaSource {
  readonly size: number;
  readonly #chunks: readonly Uint8Array[];
  readonly #head: Buffer;
  #whole: Buffer | undefined;

  constructor(chunks: readonly Uint8Array[], size: number, head: Uint8Array | undefined) {
    this.size = size;
    this.#chunks = chunks;
    this.#head = head === undefined ? Buffer.alloc(0) : asBuffer(head).subarray(0, size);
  }

  get whole(): Buffer {
    this.#whole ??= Buffer.concat(this.#chunks, this.size);
    return this.#whole;
  }

  async head(length: number): Promise<Buffer> {
    return this.#head.length < Math.min(length, this.size) ? this.whole : this.#head;
  }

  atHand(offset: number, length: number): Buffer {
    const end = Math.min(offset + length, this.size);
    if (offset < 0 || offset >= end) {
      return Buffer.alloc(0);
    }
    return partOf(this.#head, 0, offset, end) ?? this.whole.subarray(offset, end);
  }

  async read(offset: number, length: number): Promise<Buffer> {
    return this.atHand(offset, length);
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
