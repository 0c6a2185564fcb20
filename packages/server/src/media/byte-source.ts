import { type FileHandle, open } from "node:fs/promises";

/** Random access to bytes; `read` answers fewer than asked for only where they end. */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number): Promise<Buffer>;
}

/** All of an upload's bytes. */
export interface MediaSource extends ByteSource {
  /** The beginning: at least `length` bytes where there are as many, more when they were at hand. */
  head(length: number): Promise<Buffer>;
  /** What a library is to open: the file's path, or the bytes. */
  readonly whole: string | Buffer;
  close(): Promise<void>;
}

/** How much of a file's beginning is read at once: enough for the headers of nearly every picture. */
export const headLength = 64 * 1024;
const windowLength = 16 * 1024;

export function bufferSource(bytes: Uint8Array): ByteSource {
  const buffer = asBuffer(bytes);
  return { size: buffer.length, read: async (offset, length) => buffer.subarray(offset, offset + length) };
}

/** A part of a source as a source of its own. */
export function sliceSource(source: ByteSource, start: number, length: number): ByteSource {
  const size = Math.max(0, Math.min(length, source.size - start));
  return {
    size,
    read: async (offset, wanted) => {
      const available = Math.max(0, Math.min(wanted, size - offset));
      return available === 0 ? Buffer.alloc(0) : source.read(start + offset, available);
    },
  };
}

/**
 * A file read through its first bytes and one moving window. It is opened when something outside the given head is
 * asked for, so that the common upload, whose head was seen while it streamed in, costs no file operation at all.
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

  async read(offset: number, length: number): Promise<Buffer> {
    this.#signal?.throwIfAborted();
    const end = Math.min(offset + length, this.size);
    if (offset < 0 || offset >= end) {
      return Buffer.alloc(0);
    }
    if (end <= this.#head.length) {
      return this.#head.subarray(offset, end);
    }
    if (offset < this.#windowOffset || end > this.#windowOffset + this.#window.length) {
      this.#window = await this.#load(offset, Math.max(end - offset, windowLength));
      this.#windowOffset = offset;
    }
    return this.#window.subarray(offset - this.#windowOffset, end - this.#windowOffset);
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** A fresh buffer each time: what an earlier read handed out stays as it was. */
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

/** Bytes in memory, which are put together only when something outside the given head is asked for. */
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

  async read(offset: number, length: number): Promise<Buffer> {
    const bytes = offset + length <= this.#head.length ? this.#head : this.whole;
    return offset < 0 ? Buffer.alloc(0) : bytes.subarray(offset, offset + length);
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
